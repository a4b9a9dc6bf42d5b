"""Welcomes: what a client gets when it says hello, a replay of what it missed or a snapshot of the whole room."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol

from followthrough.live import command_batch, protocol, thread_pools
from followthrough.live.client import Client
from followthrough.live.derived_state import DerivedState
from followthrough.live.limits import REPLAYED_CHANGES
from followthrough.live.presence import Presence
from followthrough.live.protocol import Hello, Payload
from followthrough.live.room_backend import RoomBackend

log = logging.getLogger(__name__)


class Welcoming(Protocol):
    """What a welcome needs to know of its room."""

    backend: RoomBackend
    number: int
    seq: int
    presence: Presence
    derived_state: DerivedState


class Welcomes:
    """Answers hellos, for each client one after the other; of those that come meanwhile the last one counts."""

    def __init__(self, room: Welcoming) -> None:
        self._room = room
        self._snapshot: tuple[int, asyncio.Task[Payload]] | None = None

    def hear(self, client: Client, hello: Hello) -> None:
        """Everything else that is told to `client` waits behind the answer."""
        client.hold()
        client.asked = hello
        client.takes_pieces = client.takes_pieces or hello.pieces
        if client.greeting is None or client.greeting.done():
            client.greeting = asyncio.create_task(self._answer(client))

    async def _answer(self, client: Client) -> None:
        while client.asked:
            client.hold()
            await client.welcomed.wait()
            await asyncio.sleep(client.hellos.take())
            hello, client.asked = client.asked, None
            await self._welcome(client, hello.seq)

    async def _welcome(self, client: Client, seen: int | None) -> None:
        """What the client missed, or everything; frames that come meanwhile wait behind it."""
        room, seq = self._room, self._room.seq
        try:
            missed = await self._missed(seen, seq)
            records = await self._everything(seq) if missed is None else missed
            greeting = await thread_pools.reading(room.backend.greeting, room.number, client.person)
        except Exception:
            log.exception("Somebody could not be welcomed to room %s", room.number)
            return client.cut(
                protocol.RESTARTING, "The room could not be read just now. The page tries again by itself."
            )
        welcome = {"t": "welcome", "v": protocol.VERSION, **greeting, "now": protocol.now_ms(), "seq": seq}
        welcome |= {"full": missed is None, "here": room.presence.people()}
        client.release(_messages(client, welcome, records))
        return room.derived_state.show(client, seq)

    async def _missed(self, seen: int | None, seq: int) -> Payload | None:
        """What changed after `seen`, or None where a replay would not do."""
        if seen is None or not seq - REPLAYED_CHANGES <= seen <= seq:
            return None
        room = self._room
        news = await thread_pools.reading(command_batch.changes_since, room.backend, room.number, seen)
        return None if news.too_much else news.records

    async def _everything(self, seq: int) -> Payload:
        """All records, read once for all who arrive at the same sequence."""
        if self._snapshot is None or self._snapshot[0] != seq:
            self._snapshot = seq, asyncio.create_task(thread_pools.reading(self._read))
        try:
            return await asyncio.shield(self._snapshot[1])
        except Exception:
            self._snapshot = None
            raise

    def _read(self) -> Payload:
        """In a thread, so that the event loop need not write the JSON of a large room."""
        return self._room.backend.snapshot(self._room.number).written()


def _messages(client: Client, welcome: dict[str, Any], records: Payload) -> list[str]:
    """The welcome as one message, or behind the pieces of the records."""
    person = client.person.pk
    pieces = records.pieces_for(person) if client.takes_pieces else []
    if len(pieces) <= 1:
        return [protocol.dump_onto(welcome, f'{{"records":{records.text_for(person)}}}')]
    count = len(pieces)
    told = [
        protocol.dump_onto({"t": "piece", "piece": number, "pieces": count}, f'{{"records":{piece}}}')
        for number, piece in enumerate(pieces, 1)
    ]
    return [*told, protocol.dump(welcome | {"pieces": count, "records": {}})]
