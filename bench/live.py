"""`make bench-live`: how soon everyone in a crowded room sees an entry, and how many a second that holds for."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import psutil
import websockets
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from bench.server import make_organisation, serving, visitor

CLIENTS = 50
SECONDS = 20
SETTLING = 2
BOUND = 0.1
RATES = [50, 100, 200, 300, 400, 500, 600, 800, 1000, 1200, 1500]
NAMES = ["Sana Qureshi", "Jonas Lindqvist", "Priya Nair", "Mei-Lin Tan", "Owen Parry"]


@dataclass
class Crowd:
    """The open sockets of one room, when each entry was sent, and when each socket saw it."""

    sockets: list[ClientConnection]
    sent: dict[str, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)
    refused: int = 0

    async def listen(self, socket: ClientConnection) -> None:
        async for text in socket:
            now = time.perf_counter()
            message = json.loads(text)
            if message["t"] == "frame":
                for entry in message["records"].get("timeline.entry", []):
                    self._saw(entry["id"], now)
            elif message["t"] == "no":
                self.refused += 1

    def _saw(self, key: str, now: float) -> None:
        if key in self.sent:
            wait = now - self.sent[key]
            self.waits.append(wait)
            self.slowest[key] = wait

    async def write(self, *, rate: float, seconds: float) -> None:
        """Everyone writes in turn, `rate` entries a second together."""
        began, count = time.perf_counter(), int(rate * seconds)
        for number in range(count):
            due = began + number / rate
            if (ahead := due - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            await self._write_one(self.sockets[number % len(self.sockets)])
        until = time.perf_counter() + 5
        while len(self.waits) < count * len(self.sockets) and time.perf_counter() < until:
            await asyncio.sleep(0.05)

    async def _write_one(self, socket: ClientConnection) -> None:
        key, op = str(uuid4()), str(uuid4())
        args = {"id": key, "line": "14:11 connection pool at 100 %", "previous": None}
        self.sent[key] = time.perf_counter()
        await socket.send(json.dumps({"t": "do", "op": op, "do": "entry.add", "args": args, "base": None}))

    def figures(self) -> tuple[float, float, float, float]:
        """p50 and p99 of send → seen by another, p99 of send → seen by all (seconds), share delivered."""
        waits, slowest = sorted(self.waits), sorted(self.slowest.values())
        delivered = len(waits) / (len(self.sent) * len(self.sockets))
        return _at(waits, 0.5), _at(waits, 0.99), _at(slowest, 0.99), delivered


def _at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("inf")


@asynccontextmanager
async def crowd_in(address: str, room: int, sessions: list[str]) -> AsyncIterator[Crowd]:
    """CLIENTS sockets that have been welcomed and listen."""
    async with AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(_socket(address, room, sessions[number % len(sessions)]))
            for number in range(CLIENTS)
        ]
        crowd = Crowd(sockets)
        listening = [asyncio.create_task(crowd.listen(socket)) for socket in sockets]
        await asyncio.sleep(SETTLING)
        yield crowd
        for task in listening:
            task.cancel()


@asynccontextmanager
async def _socket(address: str, room: int, session: str) -> AsyncIterator[ClientConnection]:
    path = f"{address.replace('http', 'ws', 1)}/live/incidents/{room}/"
    cookie = {"Cookie": f"followthrough_session={session}"}
    async with websockets.connect(
        path, origin=address, additional_headers=cookie, compression=None, max_size=None
    ) as socket:  # type: ignore[arg-type]
        await socket.send('{"t":"hello","v":1,"seq":null}')
        welcome = json.loads(await socket.recv())
        if welcome["t"] != "welcome":
            raise LookupError(welcome.get("reason"))
        yield socket


async def find_rooms(address: str, session: str, wanted: int) -> list[int]:
    """Rooms whose meeting is still to come."""
    found: list[int] = []
    for number in range(60, 0, -1):
        try:
            async with _socket(address, number, session) as socket:
                await socket.send(
                    json.dumps(
                        {
                            "t": "do",
                            "op": str(uuid4()),
                            "do": "park.add",
                            "args": {"id": str(uuid4()), "text": "Bench"},
                            "base": None,
                        }
                    )
                )
                while (answer := json.loads(await socket.recv()))["t"] not in {"ack", "no"}:
                    continue
        except (LookupError, ConnectionClosed):
            continue
        found += [number] if answer["t"] == "ack" else []
        if len(found) == wanted:
            break
    return found


async def measure(address: str, pid: int, sessions: list[str]) -> None:
    """Prints the figures of the crowded room, then of rising rates, each in a room of its own."""
    rooms = await find_rooms(address, sessions[0], len(RATES))
    async with crowd_in(address, rooms[0], sessions) as crowd:
        await crowd.write(rate=CLIENTS, seconds=SECONDS)
        p50, p99, all_p99, delivered = crowd.figures()
    print(f"{CLIENTS} clients in one room, an entry each a second for {SECONDS} s")
    print(f"  sent → seen by another   p50 {p50 * 1000:.0f} ms   p99 {p99 * 1000:.0f} ms (promise ≤ 60 ms)")
    print(f"  sent → seen by everyone  p99 {all_p99 * 1000:.0f} ms")
    print(f"  delivered {delivered:.2%}, refused {crowd.refused}")
    best = 0
    for number, rate in enumerate(RATES):
        async with crowd_in(address, rooms[(number + 1) % len(rooms)], sessions) as crowd:
            await crowd.write(rate=rate, seconds=4)
            _, p99, _, delivered = crowd.figures()
        print(f"  at {rate:>5} entries/s: p99 {p99 * 1000:>5.0f} ms, delivered {delivered:.2%}")
        if p99 > BOUND or delivered < 1:
            break
        best = rate
    print(f"highest rate with p99 < {BOUND * 1000:.0f} ms and all delivered: {best} entries/s")
    print(f"memory of the server {psutil.Process(pid).memory_info().rss / 1024**2:.0f} MB")


def main() -> None:
    data = make_organisation(0)
    with serving(data) as (address, pid):
        clients = [visitor(address, name=name) for name in NAMES]
        sessions = [client.cookies["followthrough_session"] for client in clients]
        asyncio.run(measure(address, pid, sessions))


if __name__ == "__main__":
    main()
