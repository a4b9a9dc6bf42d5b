"""The pages at 100 and 10,000 incidents, writing, payload and memory, each beside its promise."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import statistics
import time
from contextlib import closing
from dataclasses import dataclass
from uuid import uuid4

import httpx
import psutil
import websockets

from bench.server import FormValues, make_organisation, serving, token_in, visitor
from bench.table import heading, row

SMALL, LARGE = 100, 10_000
PAGES = {
    "home": "/",
    "incident list": "/incidents/",
    "search": "/incidents/?q=connection+pool",
    "incident page": "/incidents/INC-{key}/",
    "actions list": "/actions/?who=all",
}
ROUNDS, WARM_UP = 60, 10


@dataclass
class Figures:
    """Medians in milliseconds; bytes as sent, compressed; memory in MB."""

    pages: dict[str, float]
    list_bytes: int
    create: float
    entry: float
    memory: float


def main() -> None:
    """Measures both sizes and prints the table."""
    small, large = measure(SMALL), measure(LARGE)
    heading("server time, median", f"{SMALL:,}", f"{LARGE:,}")
    for name, value in large.pages.items():
        ratio = value / small.pages[name]
        promise = f"≤ 30 ms and ≤ 1.3×: {ratio:.2f}×"
        row(name, _ms(small.pages[name]), _ms(value), promise=promise, met=value <= 30 and ratio <= 1.3)
    for name, before, after in (
        ("create an incident", small.create, large.create),
        ("add a timeline entry", small.entry, large.entry),
    ):
        row(name, _ms(before), _ms(after), promise="≤ 20 ms", met=after <= 20)
    sizes = [f"{figures.list_bytes / 1000:.1f} kB" for figures in (small, large)]
    row("incident list, compressed", *sizes, promise="≤ 60 kB", met=large.list_bytes <= 60_000)
    memory = [f"{figures.memory:.0f} MB" for figures in (small, large)]
    row("memory of serve, idle", *memory, promise="≤ 160 MB", met=large.memory <= 160)


def _ms(value: float) -> str:
    return f"{value:.1f} ms"


def measure(size: int) -> Figures:
    """Everything at one size."""
    print(f"Making {size:,} incidents…", flush=True)
    started = time.perf_counter()
    data = make_organisation(size)
    print(f"  took {time.perf_counter() - started:.0f} s", flush=True)
    with serving(data) as (address, pid), closing(visitor(address)) as client:
        time.sleep(4)
        memory = psutil.Process(pid).memory_info().rss / 1e6
        key = _newest(client)
        pages = {name: _median(client, path.format(key=key)) for name, path in PAGES.items()}
        listed = client.get("/incidents/")
        return Figures(
            pages=pages,
            list_bytes=len(gzip.compress(listed.content)),
            create=_create(client),
            entry=asyncio.run(_entry(client, address)),
            memory=memory,
        )


def _newest(client: httpx.Client) -> str:
    page = client.get("/incidents/").text
    return page.split("/incidents/INC-", 1)[1].split("/", 1)[0]


def _median(client: httpx.Client, path: str) -> float:
    spans = []
    for _ in range(WARM_UP + ROUNDS):
        started = time.perf_counter()
        client.get(path).raise_for_status()
        spans.append((time.perf_counter() - started) * 1000)
    return statistics.median(spans[WARM_UP:])


def _create(client: httpx.Client) -> float:
    spans = []
    for number in range(WARM_UP + ROUNDS):
        page = client.get("/incidents/new/").text
        values = FormValues(page).values | {
            "title": [f"Checkout returned 502, trial {number}"],
            "csrfmiddlewaretoken": [token_in(page)],
            "started_0": ["2026-11-20T14:03"],
        }
        started = time.perf_counter()
        answer = client.post("/incidents/new/", data=values)
        spans.append((time.perf_counter() - started) * 1000)
        if answer.status_code != 302:
            raise SystemExit(f"Creating an incident answered {answer.status_code}.")
    return statistics.median(spans[WARM_UP:])


async def _entry(client: httpx.Client, address: str) -> float:
    room = _room(client)
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    url = f"{address.replace('http', 'ws')}/live/incidents/{room}/"
    spans = []
    async with websockets.connect(url, additional_headers={"Cookie": cookie}, origin=address) as line:  # type: ignore[arg-type]
        await line.send(json.dumps({"t": "hello", "v": 1, "seq": None}))
        for number in range(WARM_UP + ROUNDS):
            args = {
                "id": str(uuid4()),
                "line": f"+{number}m trial {number}",
                "previous": None,
                "anonymous": False,
            }
            op = str(uuid4())
            started = time.perf_counter()
            await line.send(json.dumps({"t": "do", "op": op, "do": "entry.add", "args": args, "base": None}))
            await _acknowledged(line, op)
            spans.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(0.06)
    return statistics.median(spans[WARM_UP:])


async def _acknowledged(line: websockets.ClientConnection, op: str) -> None:
    while True:
        frame = json.loads(await asyncio.wait_for(line.recv(), 10))
        if frame.get("op") == op and frame["t"] == "no":
            raise SystemExit(f"The entry was refused: {frame['message']}")
        if frame.get("op") == op:
            return


def _room(client: httpx.Client) -> str:
    """The incident of a meeting that is ahead."""
    found = re.search(r"/incidents/INC-(\d+)/pre-read/", client.get("/meetings/").text)
    if found is None:
        raise SystemExit("There is no room to write in.")
    return found[1]
