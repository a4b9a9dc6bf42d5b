"""Automations: what a room does by itself, such as showing answers once everybody has written theirs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from followthrough.live import group_commit, thread_pools
from followthrough.live.room_backend import RoomBackend

log = logging.getLogger(__name__)
THROTTLE_SECONDS = 0.3
GRACE_SECONDS = 15.0
"""Seconds that somebody whose line ended is still waited for: pages are reloaded, networks stumble."""


class Automation:
    """Asks the backend after changes of its `triggers`, and when somebody came or stayed away."""

    def __init__(self, backend: RoomBackend, number: int, present: Callable[[], frozenset[int]]) -> None:
        self._backend, self._number, self._present = backend, number, present
        self._left: dict[int, float] = {}
        self._asked = False
        self._work: asyncio.Task[None] | None = None

    def heard(self, said: Sequence[Mapping[str, Any]]) -> None:
        """Takes what a frame said."""
        if any(row["kind"] in self._backend.triggers for row in said):
            self.soon()

    def left(self, person: int) -> None:
        """A line of `person` ended; they may be back at once."""
        loop = asyncio.get_running_loop()
        self._left[person] = loop.time()
        loop.call_later(GRACE_SECONDS + THROTTLE_SECONDS, self.soon)

    def soon(self) -> None:
        self._asked = True
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._asked and self._present():
            await asyncio.sleep(THROTTLE_SECONDS)
            self._asked = False
            try:
                await self._do_what_is_due(self._awaited())
            except Exception:
                log.exception("Room %s could not be automated; the next change tries again", self._number)

    async def _do_what_is_due(self, people: frozenset[int]) -> None:
        if await thread_pools.reading(self._backend.has_pending, self._number, people):
            topic = self._backend.topic(self._number)
            await group_commit.run_in_group_commit(
                topic, partial(self._backend.run_automations, self._number, people)
            )

    def _awaited(self) -> frozenset[int]:
        """Who is here, or was a moment ago."""
        since = asyncio.get_running_loop().time() - GRACE_SECONDS
        self._left = {person: at for person, at in self._left.items() if at > since}
        return self._present() | self._left.keys()
