"""Many sockets in rooms, and how long each of their changes takes to each of the others."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import cycle, islice
from uuid import uuid4

import websockets
from websockets.asyncio.client import ClientConnection

SETTLING = 2
PATIENCE = 5
"""Seconds that late changes are waited for."""


@dataclass(frozen=True)
class Seat:
    """One socket, and where it sits."""

    room: int
    socket: ClientConnection


@dataclass
class Figures:
    """Seconds from sending to being seen: by each other socket, and by the last of them."""

    waits: list[float]
    slowest: list[float]
    delivered: float
    refused: int

    def at(self, share: float) -> float:
        return _at(self.waits, share)

    def last_at(self, share: float) -> float:
        return _at(self.slowest, share)


def _at(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("inf")


@dataclass
class Crowd:
    """Everyone who listens; `sent` holds the moment and the author of each change."""

    seats: list[Seat]
    sent: dict[str, tuple[float, Seat]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)
    refused: int = 0

    async def listen(self, seat: Seat) -> None:
        async for text in seat.socket:
            now = time.perf_counter()
            kind, keys = _content(str(text))
            self.refused += kind == "no"
            for key in keys:
                self._saw(key, seat, now)

    def _saw(self, key: str, seat: Seat, now: float) -> None:
        began, author = self.sent.get(key, (now, seat))
        if author is not seat:
            self.waits.append(now - began)
            self.slowest[key] = now - began

    async def write(self, *, rate: float, seconds: float) -> Figures:
        """Everyone writes in turn, `rate` entries a second together."""
        count = int(rate * seconds)
        began = time.perf_counter()
        for number, seat in enumerate(islice(cycle(self.seats), count)):
            if (ahead := began + number / rate - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            await self._write_one(seat)
        return await self._figures()

    async def _write_one(self, seat: Seat) -> None:
        key = str(uuid4())
        args = {"id": key, "line": "14:11 connection pool at 100 %", "previous": None}
        self.sent[key] = time.perf_counter(), seat
        message = {"t": "do", "op": str(uuid4()), "do": "entry.add", "args": args, "base": None}
        await seat.socket.send(json.dumps(message))

    async def _figures(self) -> Figures:
        sizes = [seat.room for seat in self.seats]
        expected = sum(sizes.count(author.room) - 1 for _, author in self.sent.values())
        until = time.perf_counter() + PATIENCE
        while len(self.waits) < expected and time.perf_counter() < until:
            await asyncio.sleep(0.05)
        return Figures(self.waits, list(self.slowest.values()), len(self.waits) / expected, self.refused)


@lru_cache(512)
def _content(text: str) -> tuple[str, tuple[str, ...]]:
    """A message's type and the entries in it; everyone gets the same text, which is read once here."""
    message = json.loads(text)
    entries = message.get("records", {}).get("timeline.entry", []) if message["t"] == "frame" else []
    return message["t"], tuple(entry["id"] for entry in entries)


@asynccontextmanager
async def crowd_in(address: str, rooms: list[int], sessions: list[str], each: int) -> AsyncIterator[Crowd]:
    """`each` sockets in each of `rooms`, which have been welcomed and listen."""
    people = cycle(sessions)
    async with AsyncExitStack() as stack:
        seats = [
            Seat(room, await stack.enter_async_context(_socket(address, room, next(people))))
            for _ in range(each)
            for room in rooms
        ]
        crowd = Crowd(seats)
        listening = [asyncio.create_task(crowd.listen(seat)) for seat in seats]
        await asyncio.sleep(SETTLING)
        yield crowd
        for task in listening:
            task.cancel()


@asynccontextmanager
async def _socket(address: str, room: int, session: str) -> AsyncIterator[ClientConnection]:
    path = f"{address.replace('http', 'ws', 1)}/live/incidents/{room}/"
    headers = {"Cookie": f"followthrough_session={session}", "Origin": address}
    async with websockets.connect(
        path, additional_headers=headers, compression=None, max_size=None
    ) as socket:
        await socket.send('{"t":"hello","v":1,"seq":null}')
        welcome = json.loads(await socket.recv())
        if welcome["t"] != "welcome":
            raise LookupError(welcome.get("reason"))
        yield socket
