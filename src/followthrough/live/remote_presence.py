"""Presence on other server processes: told over the bus, expired unless told again (heartbeat)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from followthrough.live import bus

Row = dict[str, Any]
REPEAT_SECONDS, EXPIRY_SECONDS = 4.0, 10.0
"""Seconds after which who is here is told again, and after which others are believed to be gone."""
MAX_PEOPLE_AT_ONCE = 10
"""People in one message: what PostgreSQL passes on holds 8,000 bytes."""


class RemotePresence:
    """What the other processes said of one room, and what this one told them."""

    def __init__(self, topic: str) -> None:
        self._topic, self._me, self._count = topic, uuid4().hex, 0
        self._heard: dict[str, dict[int, list[Row]]] = {}
        self._heard_at: dict[str, float] = {}
        self._newest: dict[str, int] = {}
        self._told: tuple[float, list[Row]] = (0.0, [])

    def people(self) -> list[Row]:
        return [row for parts in self._heard.values() for rows in parts.values() for row in rows]

    def hear(self, word: Mapping[str, Any]) -> None:
        """Takes over one part of who is in the room on another process; what comes too late is let go."""
        sender, parts = word["from"], word["parts"]
        if word["count"] < self._newest.get(sender, 0):
            return
        self._newest[sender] = word["count"]
        if sender not in self._heard:
            self._told = (0.0, [])
        known = {part: rows for part, rows in self._heard.get(sender, {}).items() if part < parts}
        self._heard[sender] = known | ({word["part"]: word["people"]} if parts else {})
        self._heard_at[sender] = time.monotonic()

    def forget_silent(self) -> bool:
        """Lets go of processes that say nothing any more; whether there were any."""
        limit = time.monotonic() - EXPIRY_SECONDS
        silent = [sender for sender, at in self._heard_at.items() if at < limit]
        for sender in silent:
            del self._heard[sender], self._heard_at[sender], self._newest[sender]
        return bool(silent)

    def news(self, own: list[Row]) -> list[str]:
        """The messages that tell the others of the people here, none where they know."""
        now = time.monotonic()
        if own == self._told[1] and now - self._told[0] < REPEAT_SECONDS:
            return []
        self._told = (now, own)
        return self.messages(own)

    def is_own(self, word: Mapping[str, Any]) -> bool:
        """The bus brings this process its own messages too."""
        return bool(word["from"] == self._me)

    def messages(self, own: list[Row]) -> list[str]:
        self._count += 1
        parts = [own[at : at + MAX_PEOPLE_AT_ONCE] for at in range(0, len(own), MAX_PEOPLE_AT_ONCE)]
        return [
            self._word(part=part, parts=len(parts), people=people, count=self._count)
            for part, people in enumerate(parts or [[]])
        ]

    def saying(self, said: str) -> str:
        """The message that passes on what somebody says."""
        return self._word(said=said)

    def _word(self, **content: Any) -> str:
        return json.dumps({"from": self._me, "room": self._topic, **content}, ensure_ascii=False)


def forward(messages: Iterable[str]) -> None:
    """Sends messages to the other processes, from a worker thread."""
    for message in messages:
        bus.broadcast(message)
