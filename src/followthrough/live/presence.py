"""Who is here, what they look at, whose hand is up: told, never stored."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from followthrough.live import wire
from followthrough.live.client import Client
from followthrough.live.wire import Say

LASTS_MS = 6_000
ATTENTION = ("here", "idle", "away")
"""How much somebody is at their page; with several pages the most attentive counts."""
GATHERED = 0.15
"""Seconds over which arrivals and departures are told together."""


class Presence:
    """The people behind a room's clients; somebody with two pages is here once."""

    def __init__(self, clients: set[Client]) -> None:
        self._clients = clients
        self._hands: dict[int, int] = {}
        self._telling: asyncio.TimerHandle | None = None

    def said(self, client: Client, say: Say) -> None:
        """Passes on what a client said; kinds of a newer protocol are let go."""
        match say.kind:
            case "writing" | "cursor":
                self._pass_on(client, say, self._clients - {client})
            case "reaction":
                self._pass_on(client, say, self._clients)
            case "attention":
                client.attention = say.on if say.on in ATTENTION else ATTENTION[0]
                self.changed()
            case "looking":
                client.looking_at = say.on
                self.changed()
            case "hand":
                self._raise_or_lower(client.person.pk, up=say.on == "up")

    def changed(self) -> None:
        """Tells everyone who is here, soon."""
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(GATHERED, self._tell)

    def people(self) -> list[dict[str, Any]]:
        """Each person once, raised hands with the moment they went up (milliseconds), else null."""
        found: dict[int, dict[str, Any]] = {}
        for client in self._clients:
            person = client.person
            row = found.setdefault(
                person.pk,
                wire.face(person)
                | {"step": "", "hand": self._hands.get(person.pk), "attention": ATTENTION[-1]},
            )
            row["step"] = client.looking_at or row["step"]
            row["attention"] = min(row["attention"], client.attention, key=ATTENTION.index)
        return sorted(found.values(), key=lambda row: (row["name"], row["id"]))

    def ids(self) -> frozenset[int]:
        return frozenset(client.person.pk for client in self._clients)

    def end(self) -> None:
        if self._telling:
            self._telling.cancel()

    def _tell(self) -> None:
        self._telling = None
        text = wire.dump({"t": "here", "people": self.people()})
        for client in self._clients:
            client.put(text)

    def _raise_or_lower(self, person: int, *, up: bool) -> None:
        if up:
            self._hands.setdefault(person, wire.now())
        else:
            self._hands.pop(person, None)
        self.changed()

    def _pass_on(self, speaker: Client, say: Say, to: Iterable[Client]) -> None:
        text = wire.dump(
            {
                "t": "said",
                "kind": say.kind,
                "on": say.on,
                "by": wire.face(speaker.person),
                "until": wire.now() + LASTS_MS,
            }
        )
        for client in to:
            client.put(text)
