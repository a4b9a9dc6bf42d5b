"""`make bench-live`: three loads on a real server, a large room in Chromium, and Hocuspocus; all on the same machine."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil
import uvloop

from bench.live import browser, hocuspocus, profile
from bench.live.crowd import Figures, crowd_in
from bench.server import environment, serving

CLIENTS = 50
CROWDED_ROOMS, IN_EACH, EVERY = 50, 10, 5
BOUND = 0.1
SECONDS = 4
RATES = [400, 600, 700, 800, 900, 1000, 1100, 1200, 1400, 1600, 1800, 2000]
"""Each gets a second attempt, here and with Hocuspocus: something else may have been running."""
SEED = "import django; django.setup(); from tests.live import seed; seed.main()"


def make_rooms(data: Path) -> dict[str, Any]:
    """Post-mortems whose meetings are to come, and people who are signed in."""
    command = [sys.executable, "-c", SEED]
    settings = {"DJANGO_SETTINGS_MODULE": "followthrough.config.settings"}
    made = subprocess.run(command, check=True, capture_output=True, env=environment(data) | settings)
    found: dict[str, Any] = json.loads(made.stdout)
    return found


class Bench:
    """A running server, its rooms one after the other, and the clients' sessions.

    `cost` is what the last load took: milliseconds of processor time an entry in each thread, the event loop first.
    """

    def __init__(self, address: str, pid: int, made: dict[str, Any]) -> None:
        self.address, self.server = address, psutil.Process(pid)
        self.sessions = list(made["people"].values())
        self._rooms = iter(made["rooms"])
        self.cost: list[float] = []

    async def load(self, *, rooms: int, each: int, rate: float, seconds: float) -> Figures:
        """`rate` entries a second from `each` clients in each of so many new rooms."""
        chosen = [next(self._rooms) for _ in range(rooms)]
        async with crowd_in(self.address, chosen, self.sessions, each) as crowd:
            before = self._spent()
            figures = await crowd.write(rate=rate, seconds=seconds)
        self.cost = [
            1000 * (spent - before.get(thread, 0)) / (rate * seconds)
            for thread, spent in self._spent().items()
        ]
        return figures

    async def crowded(self) -> None:
        print(f"{CLIENTS} clients in one room, one durable timeline entry each a second for 20 s")
        _show(await self.load(rooms=1, each=CLIENTS, rate=CLIENTS, seconds=20), promise=60)

    async def spread(self) -> None:
        clients = CROWDED_ROOMS * IN_EACH
        print(f"{clients} clients in {CROWDED_ROOMS} rooms, one change each every {EVERY} s")
        _show(
            await self.load(rooms=CROWDED_ROOMS, each=IN_EACH, rate=clients / EVERY, seconds=20), promise=150
        )
        every = [self.server, *self.server.children(recursive=True)]
        memory = sum(process.memory_info().rss for process in every) / 1024**2
        print(f"  memory of the server and its drawing process {memory:.0f} MB (promise ≤ 350 MB)")

    async def highest(self) -> int:
        """The highest of RATES whose entries reach everyone within BOUND, each tried in a room of its own."""
        best = 0
        print(f"Rising rates, {CLIENTS} clients in one room, {SECONDS} s each")
        for rate in RATES:
            if not (await self._holds(rate) or await self._holds(rate)):
                break
            best = rate
        return best

    async def _holds(self, rate: int) -> bool:
        figures = await self.load(rooms=1, each=CLIENTS, rate=rate, seconds=SECONDS)
        p99, (loop, *others) = figures.at(0.99), self.cost
        print(
            f"  {rate:>5}/s: p99 {p99 * 1000:>5.0f} ms; processor time an entry: {loop:.2f} ms in the event loop, "
            f"{max(others):.2f} ms writing, {sum(others) - max(others):.2f} ms reading and drawing"
        )
        return p99 <= BOUND and figures.delivered == 1

    def _spent(self) -> dict[int, float]:
        """Seconds of processor time by thread; the event loop's has the lowest number."""
        threads = sorted(self.server.threads(), key=lambda thread: thread.id)
        return {thread.id: thread.user_time + thread.system_time for thread in threads}


def _show(figures: Figures, *, promise: int) -> None:
    p50, p99, last = (1000 * each for each in (figures.at(0.5), figures.at(0.99), figures.last_at(0.99)))
    print(f"  sent → seen by another   p50 {p50:.0f} ms   p99 {p99:.0f} ms (promise ≤ {promise} ms)")
    print(f"  sent → seen by everyone  p99 {last:.0f} ms")
    print(f"  delivered {figures.delivered:.2%}, refused {figures.refused}")


async def measure(bench: Bench) -> int:
    await bench.crowded()
    await bench.spread()
    return await bench.highest()


def main() -> None:
    data = Path(tempfile.mkdtemp(prefix="followthrough-bench-live-"))
    made = make_rooms(data)
    with serving(data, demo=False) as (address, pid):
        ours = uvloop.run(measure(Bench(address, pid, made)))
        asyncio.run(browser.measure(address, made["rooms"][-1], list(made["people"].values())))
    profile.measure(data, made["rooms"][-2], next(iter(made["people"].values())))
    theirs = hocuspocus.highest(RATES, clients=CLIENTS, seconds=SECONDS, bound=BOUND)
    print(f"Highest rate with p99 < {BOUND * 1000:.0f} ms and all delivered: {ours}/s")
    if theirs is None:
        print("Hocuspocus was not measured: npm could not fetch it.")
    else:
        print(f"Hocuspocus under the same load: {theirs}/s; ratio {ours / max(theirs, 1):.1f}")


if __name__ == "__main__":
    main()
