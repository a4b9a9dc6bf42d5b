"""What a room does by itself, given who is here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from followthrough.live import automation, group_commit, thread_pools
from followthrough.live.automation import Automation
from followthrough.live.room_backend import RoomBackend

STAYS, LEAVES = 1, 2


class Watched:
    """A driver that is due once only those who stay are left."""

    triggers = frozenset({"meetings.answer"})
    asked: list[frozenset[int]]

    def __init__(self) -> None:
        self.asked, self.done = [], asyncio.Event()

    def topic(self, number: int) -> str:
        return f"incident:{number}"

    def has_pending(self, _: int, present: frozenset[int]) -> bool:
        self.asked.append(present)
        return present == {STAYS}

    def run_automations(self, _number: int, _present: frozenset[int]) -> None:
        self.done.set()


def test_who_left_is_waited_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(work: Callable[..., Any], *args: Any) -> Any:
        return work(*args)

    async def committed(_: str, work: Callable[[], Any]) -> Any:
        return work()

    monkeypatch.setattr(thread_pools, "reading", at_once)
    monkeypatch.setattr(group_commit, "run_in_group_commit", committed)
    monkeypatch.setattr(automation, "THROTTLE_SECONDS", 0.01)
    monkeypatch.setattr(automation, "GRACE_SECONDS", 0.1)

    async def meet() -> None:
        backend, present = Watched(), {STAYS, LEAVES}
        tended = Automation(cast("RoomBackend", backend), 1, lambda: frozenset(present))
        tended.heard([{"kind": "timeline.entry"}])
        present.discard(LEAVES)
        tended.left(LEAVES)
        tended.heard([{"kind": "meetings.answer"}])
        await backend.done.wait()
        assert backend.asked == [{STAYS, LEAVES}, {STAYS}]

    asyncio.run(meet())
