"""What a room does by itself, given who is here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from followthrough.live import commits, tending, threads
from followthrough.live.driver import Driver
from followthrough.live.tending import Tending

STAYS, LEAVES = 1, 2


class Watched:
    """A driver that is due once only those who stay are left."""

    tended = frozenset({"meetings.answer"})
    asked: list[frozenset[int]]

    def __init__(self) -> None:
        self.asked, self.done = [], asyncio.Event()

    def topic(self, number: int) -> str:
        return f"incident:{number}"

    def is_due(self, _: int, present: frozenset[int]) -> bool:
        self.asked.append(present)
        return present == {STAYS}

    def tend(self, _number: int, _present: frozenset[int]) -> None:
        self.done.set()


def test_who_left_is_waited_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(work: Callable[..., Any], *args: Any) -> Any:
        return work(*args)

    async def committed(_: str, work: Callable[[], Any]) -> Any:
        return work()

    monkeypatch.setattr(threads, "reading", at_once)
    monkeypatch.setattr(commits, "committed", committed)
    monkeypatch.setattr(tending, "AT_MOST_EVERY", 0.01)
    monkeypatch.setattr(tending, "STILL_HERE", 0.1)

    async def meet() -> None:
        driver, present = Watched(), {STAYS, LEAVES}
        tended = Tending(cast("Driver", driver), 1, lambda: frozenset(present))
        tended.heard([{"kind": "timeline.entry"}])
        present.discard(LEAVES)
        tended.left(LEAVES)
        tended.heard([{"kind": "meetings.answer"}])
        await asyncio.wait_for(driver.done.wait(), 5)
        assert driver.asked == [{STAYS, LEAVES}, {STAYS}]

    asyncio.run(meet())
