"""What a room does by itself, such as showing answers once everybody here has written theirs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from followthrough.live import commits, threads
from followthrough.live.driver import Driver

log = logging.getLogger(__name__)
AT_MOST_EVERY = 0.3
STILL_HERE = 15.0
"""Seconds that somebody whose line ended is still waited for: pages are reloaded, networks stumble."""


class Tending:
    """Asks the driver after changes of what it `tends`, and when somebody came or stayed away."""

    def __init__(self, driver: Driver, number: int, present: Callable[[], frozenset[int]]) -> None:
        self._driver, self._number, self._present = driver, number, present
        self._left: dict[int, float] = {}
        self._asked = False
        self._work: asyncio.Task[None] | None = None

    def heard(self, said: Sequence[Mapping[str, Any]]) -> None:
        """Takes what a frame said."""
        if any(row["kind"] in self._driver.tended for row in said):
            self.soon()

    def left(self, person: int) -> None:
        """A line of `person` ended; they may be back at once."""
        loop = asyncio.get_running_loop()
        self._left[person] = loop.time()
        loop.call_later(STILL_HERE + AT_MOST_EVERY, self.soon)

    def soon(self) -> None:
        self._asked = True
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._tend())

    async def _tend(self) -> None:
        while self._asked and self._present():
            await asyncio.sleep(AT_MOST_EVERY)
            self._asked = False
            try:
                await self._do_what_is_due(self._awaited())
            except Exception:
                log.exception("Room %s could not be tended; the next change tries again", self._number)

    async def _do_what_is_due(self, people: frozenset[int]) -> None:
        if await threads.reading(self._driver.is_due, self._number, people):
            topic = self._driver.topic(self._number)
            await commits.committed(topic, partial(self._driver.tend, self._number, people))

    def _awaited(self) -> frozenset[int]:
        """Who is here, or was a moment ago."""
        since = asyncio.get_running_loop().time() - STILL_HERE
        self._left = {person: at for person, at in self._left.items() if at > since}
        return self._present() | self._left.keys()
