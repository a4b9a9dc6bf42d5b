"""The rooms of this process that somebody is in, and how changes made elsewhere reach them."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from typing import Any

from followthrough.activity.models import Topic
from followthrough.live import bus, protocol, thread_pools
from followthrough.live.authentication import Unauthorised
from followthrough.live.client import Client
from followthrough.live.limits import SOCKETS_OF_A_PERSON, SOCKETS_OF_A_ROOM
from followthrough.live.room import Room
from followthrough.live.room_backend import RoomBackend

log = logging.getLogger(__name__)
POLL_SECONDS = 1.0
ORGANISATION = "organisation"
_FULL = "The room is full. Ask somebody to leave; this page then comes in by itself."
_TOO_OFTEN = (
    "You have rooms open in too many places. Close some of those pages; this one then comes in by itself."
)


class Hub:
    """One for each process. Hints come from its own threads at once; the slow look catches all others."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}
        self._sockets: Counter[int | str] = Counter()
        """By person, and by topic of the room."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watch: asyncio.Task[None] | None = None
        self._organisation = 0

    async def enter(self, backend: RoomBackend, number: int, client: Client) -> Room:
        """The room with the client in it. Raises Refused where it is full, or the person is in too often."""
        topic = backend.topic(number)
        if self._sockets[client.person.pk] >= SOCKETS_OF_A_PERSON:
            raise Unauthorised(protocol.TRY_LATER, _TOO_OFTEN)
        if self._sockets[topic] >= SOCKETS_OF_A_ROOM:
            raise Unauthorised(protocol.TRY_LATER, _FULL)
        room = self._rooms.get(topic)
        if room is None:
            room = self._rooms[topic] = Room(backend, number)
        self._keep_watch()
        self._sockets.update([client.person.pk, topic])
        try:
            await room.enter(client)
        except BaseException:
            self.leave(room, client)
            raise
        return room

    def leave(self, room: Room, client: Client) -> None:
        """Takes the client out; an empty room ends."""
        room.leave(client)
        self._sockets -= Counter([client.person.pk, room.topic])
        if not room.clients and self._rooms.get(room.topic) is room:
            del self._rooms[room.topic]
            room.end()

    def hint(self, topic: str, seq: int) -> None:
        """A change was committed somewhere in this process; may be called from any thread."""
        if self._loop and (topic in self._rooms or topic == ORGANISATION) and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._heard, topic, seq)

    def word(self, text: str) -> None:
        """Another process, or this one, says who is in a room; may be called from any thread."""
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._heard_word, json.loads(text))

    def _heard_word(self, word: dict[str, Any]) -> None:
        if room := self._rooms.get(word["room"]):
            room.presence.heard(word)

    def _heard(self, topic: str, seq: int) -> None:
        if topic == ORGANISATION:
            self._organisation_changed(seq)
        elif room := self._rooms.get(topic):
            room.hint(seq)

    def _organisation_changed(self, seq: int) -> None:
        """People or their roles may have changed: every answer about access is asked for again."""
        if seq <= self._organisation:
            return
        self._organisation = seq
        for room in self._rooms.values():
            for client in room.clients:
                client.session.invalidate()
            room.check_sessions()

    def _keep_watch(self) -> None:
        if self._loop is None:
            bus.listen(self.hint, self.word)
        if self._watch is None or self._watch.done():
            self._loop = asyncio.get_running_loop()
            self._watch = self._loop.create_task(self._look_about())

    async def _look_about(self) -> None:
        while self._rooms:
            try:
                heads = await thread_pools.reading(_heads, [*self._rooms, ORGANISATION])
            except Exception:
                log.exception("The log could not be looked at; the next look tries again")
                heads = {}
            for topic, seq in heads.items():
                self._heard(topic, seq)
            for room in self._rooms.values():
                room.check_sessions()
                room.presence.keep_fresh()
            await asyncio.sleep(POLL_SECONDS)


def _heads(topics: list[str]) -> dict[str, int]:
    return dict(Topic.objects.filter(name__in=topics).values_list("name", "seq"))


hub = Hub()
