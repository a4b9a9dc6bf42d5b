"""What is derived from a room's records, computed once for all, at most every so often."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from followthrough.live import threads, wire
from followthrough.live.artist import Artist
from followthrough.live.client import Client
from followthrough.live.driver import Driver, prefix_of
from followthrough.live.wire import Parcel

log = logging.getLogger(__name__)
AT_MOST_EVERY = 0.4
SHARE = 4
"""A drawing that took one second of processor time is followed by this many in which no room is drawn."""
LONGEST_REST = 1.0
DRAWN = "drawn"
LARGE_LOG_ROWS = 1_000
"""A room whose log is longer is never drawn by a thread of this process: that would hold up all others for seconds."""
_artist = Artist()
_turn = asyncio.Lock()
"""Rooms are drawn one after the other, so that the commands of all always come first."""


class Drawing:
    """The room's derived state; it may lag behind the records but always catches up.

    Everyone gets what changed in it; what stayed as it was is left out.
    """

    def __init__(
        self, driver: Driver, number: int, clients: set[Client], present: Callable[[], frozenset[int]]
    ) -> None:
        self._driver, self._number, self._clients, self._present = driver, number, clients, present
        self._wanted = self._shown = -1
        self._due = False
        self._parcel: Parcel | None = None
        self._work: asyncio.Task[None] | None = None
        self._rest_until = 0.0

    def soon(self, seq: int) -> None:
        """The records are at `seq` now, or other people are here; draws anew when it is time."""
        self._wanted, self._due = seq, True
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._catch_up())

    def show(self, client: Client, seq: int) -> None:
        """Gives a newcomer the last drawing and has another made."""
        if self._parcel:
            client.put(self._whole(self._parcel, client), newest_of=DRAWN)
        self.soon(seq)

    def _whole(self, parcel: Parcel, client: Client) -> str:
        return wire.dump_onto({"t": "drawn", "seq": self._shown}, parcel.text_for(client.person.pk))

    def end(self) -> None:
        if self._work:
            self._work.cancel()

    async def _catch_up(self) -> None:
        loop = asyncio.get_running_loop()
        while self._due and self._clients:
            await asyncio.sleep(self._rest_until - loop.time())
            async with _turn:
                self._rest_until = loop.time() + AT_MOST_EVERY
                spent = await self._draw()
                await asyncio.sleep(min(SHARE * spent, LONGEST_REST))

    async def _draw(self) -> float:
        """Draws what stands now and tells everyone; the seconds of processor time that took."""
        self._due, seq = False, self._wanted
        try:
            parcel, spent = await self._made(self._present())
        except Exception:
            log.exception("Room %s could not be drawn", self._number)
            return LONGEST_REST
        before, self._parcel, self._shown = self._parcel, parcel, seq
        self._tell_all(before, parcel)
        return spent

    async def _made(self, present: frozenset[int]) -> tuple[Parcel, float]:
        """In a thread while drawings are light work, else by the artist."""
        if self._wanted > LARGE_LOG_ROWS:
            await _artist.call_in()
        if _artist.is_here:
            return await _artist.draw(prefix_of(self._driver), self._number, present)
        parcel, spent = await threads.reading(self._timed, present)
        _artist.spent(spent)
        return parcel, spent

    def _timed(self, present: frozenset[int]) -> tuple[Parcel, float]:
        began = time.thread_time()
        return self._driver.draw(self._number, present), time.thread_time() - began

    def _tell_all(self, before: Parcel | None, parcel: Parcel) -> None:
        known = before.shared if before else {}
        news = {
            name: part for name, part in parcel.shared.items() if name not in known or known[name] != part
        }
        shared = self._message(news)
        for client in self._clients:
            own = parcel.private.get(client.person.pk)
            if client.still_waits_for(DRAWN):
                client.put(self._whole(parcel, client), newest_of=DRAWN)
            else:
                client.put(self._message(news | own) if own else shared, newest_of=DRAWN)

    def _message(self, content: dict[str, Any]) -> str:
        return wire.dump({"t": "drawn", "seq": self._shown, **content})
