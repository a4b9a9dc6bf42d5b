"""Derived state: what follows from a room's records, computed once for all, throttled."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from followthrough.live import protocol, thread_pools
from followthrough.live.client import Client
from followthrough.live.protocol import Payload
from followthrough.live.render_pool import RenderPool
from followthrough.live.room_backend import RoomBackend, prefix_of

log = logging.getLogger(__name__)
THROTTLE_SECONDS = 0.4
REST_FACTOR = 4
"""A drawing that took one second of processor time is followed by this many in which no room is drawn."""
MAX_REST_SECONDS = 1.0
DRAWN = "drawn"
LARGE_LOG_ROWS = 1_000
"""A room whose log is longer is never drawn by a thread of this process: that would hold up all others for seconds."""
_render_pool = RenderPool()
_turn = asyncio.Lock()
"""Rooms are drawn one after the other, so that the commands of all always come first."""


class DerivedState:
    """The room's derived state; it may lag behind the records but always catches up.

    Everyone gets what changed in it; what stayed as it was is left out.
    """

    def __init__(
        self, backend: RoomBackend, number: int, clients: set[Client], present: Callable[[], frozenset[int]]
    ) -> None:
        self._backend, self._number, self._clients, self._present = backend, number, clients, present
        self._wanted = self._shown = -1
        self._due = False
        self._parcel: Payload | None = None
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

    def _whole(self, payload: Payload, client: Client) -> str:
        return protocol.dump_onto({"t": "derived", "seq": self._shown}, payload.text_for(client.person.pk))

    def end(self) -> None:
        if self._work:
            self._work.cancel()

    async def _catch_up(self) -> None:
        loop = asyncio.get_running_loop()
        while self._due and self._clients:
            await asyncio.sleep(self._rest_until - loop.time())
            async with _turn:
                self._rest_until = loop.time() + THROTTLE_SECONDS
                spent = await self._draw()
                await asyncio.sleep(min(REST_FACTOR * spent, MAX_REST_SECONDS))

    async def _draw(self) -> float:
        """Draws what stands now and tells everyone; the seconds of processor time that took."""
        self._due, seq = False, self._wanted
        try:
            payload, spent = await self._made(self._present())
        except Exception:
            log.exception("Room %s could not be drawn", self._number)
            return MAX_REST_SECONDS
        before, self._parcel, self._shown = self._parcel, payload, seq
        self._tell_all(before, payload)
        return spent

    async def _made(self, present: frozenset[int]) -> tuple[Payload, float]:
        """In a thread while drawings are light work, else by the render pool."""
        if self._wanted > LARGE_LOG_ROWS:
            await _render_pool.call_in()
        if _render_pool.is_running:
            return await _render_pool.draw(prefix_of(self._backend), self._number, present)
        payload, spent = await thread_pools.reading(self._timed, present)
        _render_pool.spent(spent)
        return payload, spent

    def _timed(self, present: frozenset[int]) -> tuple[Payload, float]:
        began = time.thread_time()
        return self._backend.draw(self._number, present), time.thread_time() - began

    def _tell_all(self, before: Payload | None, payload: Payload) -> None:
        known = before.shared if before else {}
        news = {
            name: part for name, part in payload.shared.items() if name not in known or known[name] != part
        }
        shared = self._message(news)
        for client in self._clients:
            own = payload.private.get(client.person.pk)
            if client.still_waits_for(DRAWN):
                client.put(self._whole(payload, client), newest_of=DRAWN)
            else:
                client.put(self._message(news | own) if own else shared, newest_of=DRAWN)

    def _message(self, content: dict[str, Any]) -> str:
        return protocol.dump({"t": "derived", "seq": self._shown, **content})
