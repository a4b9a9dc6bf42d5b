"""Hands of those who left, and people on other server processes."""

from __future__ import annotations

import asyncio
from json import loads
from types import SimpleNamespace
from typing import Any

import pytest

from followthrough.live import presence
from followthrough.live.presence import Presence
from followthrough.live.protocol import PresenceMessage
from followthrough.live.remote_presence import RemotePresence


class Somebody:
    """A client of which only this much counts here."""

    looking_at, attention = "", "here"
    person = SimpleNamespace(pk=1, name="Person 1", initials="P", hue=1)

    def put(self, text: str, **_: Any) -> None:
        """Hears nothing."""


def test_the_hand_of_who_left_goes_down_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def meet() -> None:
        one: Any = Somebody()
        clients = {one}
        here = Presence(clients, "incident:1", lambda _: None)
        here.said(one, PresenceMessage("hand", "up"))
        clients.discard(one)
        here.keep_fresh()
        clients.add(one)
        assert here.people()[0]["hand"]
        clients.discard(one)
        monkeypatch.setattr(presence, "HAND_KEPT_SECONDS", -1.0)
        here.keep_fresh()
        clients.add(one)
        assert here.people()[0]["hand"] is None
        here.end()

    asyncio.run(meet())


def test_people_elsewhere_come_in_parts_and_what_is_late_does_not_count() -> None:
    rows = [{"id": key, "name": f"Person {key}"} for key in range(25)]
    teller, hearer = RemotePresence("incident:1"), RemotePresence("incident:1")
    early, late = (list(map(loads, teller.messages(people))) for people in (rows, rows[:3]))
    for word in [*late, *early[:1]]:
        hearer.hear(word)
    assert hearer.people() == rows[:3]
    for word in map(loads, teller.messages(rows)):
        hearer.hear(word)
    assert sorted(row["id"] for row in hearer.people()) == list(range(25))
    assert not hearer.forget_silent()
    for word in map(loads, teller.messages([])):
        hearer.hear(word)
    assert hearer.people() == []
