"""Who is here, what they look at, whose hand is up: told, never stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from followthrough.live import bus, protocol, thread_pools
from followthrough.live.client import Client
from followthrough.live.protocol import PresenceMessage
from followthrough.live.remote_presence import RemotePresence, Row, forward

log = logging.getLogger(__name__)
WRITING_MS = 6_000
ATTENTION = ("here", "idle", "away")
"""How much somebody is at their page; with several pages the most attentive counts."""
HAND_KEPT_SECONDS = 60.0
"""Seconds that the hand of somebody who left stays up."""
DEBOUNCE_SECONDS, GATHERED_FOR_EACH = 0.15, 0.002
"""Seconds over which arrivals and departures are told together, and how much longer for each page that is told."""
SAID_EVERY = 0.1
"""Seconds between two messages of one page that say the same kind of thing; the newest one counts."""


class Presence:
    """The people behind a room's clients, here and on other processes; somebody with two pages is here once."""

    def __init__(self, clients: set[Client], topic: str, left: Callable[[int], None]) -> None:
        self._clients, self._left = clients, left
        self._remote_presence = RemotePresence(topic)
        self._hands: dict[int, int] = {}
        self._absent: dict[int, float] = {}
        self._unsaid: dict[tuple[Client, str], PresenceMessage | None] = {}
        self._telling: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def said(self, client: Client, say: PresenceMessage) -> None:
        """Passes on what a client said; kinds of a newer protocol are let go."""
        match say.kind:
            case "writing" | "cursor" | "reaction":
                self._throttle(client, say)
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
            pause = DEBOUNCE_SECONDS + GATHERED_FOR_EACH * len(self._clients)
            self._telling = asyncio.get_running_loop().call_later(pause, self._tell)

    def people(self) -> list[Row]:
        """Each person once, raised hands with the moment they went up (milliseconds), else null."""
        return _once_each([*self._here(), *self._remote_presence.people()])

    def ids(self) -> frozenset[int]:
        remote_presence = (row["id"] for row in self._remote_presence.people())
        return frozenset((*(client.person.pk for client in self._clients), *remote_presence))

    def heard(self, word: Mapping[str, Any]) -> None:
        """Another process says who is in this room there, or what somebody says."""
        if self._remote_presence.is_own(word):
            return
        if said := word.get("said"):
            for client in self._clients:
                client.put(said)
            return
        before, people = self.ids(), self._remote_presence.people()
        self._remote_presence.hear(word)
        if self._remote_presence.people() != people:
            self._gone_since(before)

    def keep_fresh(self) -> None:
        """Tells the other processes again, and forgets who stays away; called every second."""
        self._lower_hands_of_absent()
        before = self.ids()
        if self._remote_presence.forget_silent():
            self._gone_since(before)
        self._tell_others()

    def _lower_hands_of_absent(self) -> None:
        now = asyncio.get_running_loop().time()
        absent = self._hands.keys() - {client.person.pk for client in self._clients}
        self._absent = {person: self._absent.get(person, now) for person in absent}
        for person, left_at in self._absent.items():
            if now - left_at > HAND_KEPT_SECONDS:
                del self._hands[person]

    def end(self) -> None:
        if self._telling:
            self._telling.cancel()
        self._pass_on(self._remote_presence.messages([]))

    def _gone_since(self, before: frozenset[int]) -> None:
        for person in before - self.ids():
            self._left(person)
        self.changed()

    def _here(self) -> list[Row]:
        """A row for each client of this process."""
        return _once_each(
            protocol.person_json(client.person)
            | {
                "step": client.looking_at,
                "hand": self._hands.get(client.person.pk),
                "attention": client.attention,
            }
            for client in self._clients
        )

    def _tell(self) -> None:
        self._telling = None
        text = protocol.dump({"t": "here", "people": self.people()})
        for client in self._clients:
            client.put(text, newest_of="here")
        self._tell_others()

    def _tell_others(self) -> None:
        if bus.exists():
            self._pass_on(self._remote_presence.news(self._here()))

    def _raise_or_lower(self, person: int, *, up: bool) -> None:
        if up:
            self._hands.setdefault(person, protocol.now_ms())
        else:
            self._hands.pop(person, None)
        self.changed()

    def _throttle(self, speaker: Client, say: PresenceMessage) -> None:
        """Passes `say` on at once, or a moment after the last of its kind."""
        key = speaker, say.kind
        if key in self._unsaid:
            self._unsaid[key] = say
        else:
            self._tell_of(speaker, say)
            self._rest(key)

    def _rest(self, key: tuple[Client, str]) -> None:
        self._unsaid[key] = None
        asyncio.get_running_loop().call_later(SAID_EVERY, self._rested, key)

    def _rested(self, key: tuple[Client, str]) -> None:
        say = self._unsaid.pop(key)
        if say and key[0] in self._clients:
            self._tell_of(key[0], say)
            self._rest(key)

    def _tell_of(self, speaker: Client, say: PresenceMessage) -> None:
        """To everyone; who writes knows that already."""
        about = {"t": "said", "kind": say.kind, "on": say.on, "by": protocol.person_json(speaker.person)}
        text = protocol.dump(about | {"until": protocol.now_ms() + WRITING_MS})
        is_reaction = say.kind == "reaction"
        for client in self._clients if is_reaction else self._clients - {speaker}:
            client.put(text, newest_of=None if is_reaction else (say.kind, speaker.person.pk))
        self._pass_on([self._remote_presence.saying(text)])

    def _pass_on(self, messages: list[str]) -> None:
        """To the other processes, if there can be any."""
        if messages and bus.exists():
            task = asyncio.create_task(thread_pools.reading(forward, messages))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.debug("Other processes were not told who is here: %s", error)


def _once_each(rows: Iterable[Row]) -> list[Row]:
    """One row for each person, of whose pages the most attentive counts."""
    found: dict[int, Row] = {}
    for row in rows:
        known = found.get(row["id"], row)
        hands = [hand for hand in (known["hand"], row["hand"]) if hand]
        found[row["id"]] = known | {
            "step": row["step"] or known["step"],
            "hand": min(hands, default=None),
            "attention": min(known["attention"], row["attention"], key=ATTENTION.index),
        }
    return sorted(found.values(), key=lambda row: (row["name"], row["id"]))
