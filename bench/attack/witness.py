"""What people see meanwhile: pages that are looked at, a room that is written in, and the server's memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import httpx
import psutil
from websockets.exceptions import ConnectionClosed

from bench.attack.target import Target
from tests.live.server import Server
from tests.live.visitor import Visitor, new_entry

WRITERS = 20
LOOK_EVERY_SECONDS = 0.1
WRITE_EVERY_SECONDS = 4.0
MEMORY_EVERY_SECONDS = 0.25
LOOK_TIMEOUT_SECONDS = 30


@dataclass
class Witness:
    """`looks` holds (address, seconds) of each look at a page; `kept` the entries that the room acknowledged."""

    target: Target
    looks: list[tuple[str, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    unanswered: int = 0
    writers: list[Visitor] = field(default_factory=list)

    def slowest(self) -> float:
        return max((seconds for _, seconds in self.looks), default=float("inf"))

    def lost_sockets(self) -> list[tuple[int, str]]:
        return [writer.closed for writer in self.writers if writer.closed]

    async def lost_entries(self) -> int:
        """How many acknowledged entries somebody who comes now does not find."""
        async with _visitor(self.target, self.target.sessions[0]) as latecomer:
            return len(self.kept - set(latecomer.records.get("timeline.entry", {})))

    def start_again(self) -> None:
        """Forgets what was seen, not who writes."""
        self.looks, self.failures, self.memory = [], [], []


@asynccontextmanager
async def witnessing(target: Target, pid: int) -> AsyncIterator[Witness]:
    """Looks, writes and weighs until it is left."""
    witness = Witness(target)
    async with AsyncExitStack() as stack:
        for session in target.sessions[:WRITERS]:
            witness.writers.append(await stack.enter_async_context(_visitor(target, session)))
        tasks = [
            asyncio.create_task(_look(witness)),
            asyncio.create_task(_weigh(witness, pid)),
            *(asyncio.create_task(_write(witness, writer)) for writer in witness.writers),
        ]
        yield witness
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                witness.failures.append(repr(outcome))


def _visitor(target: Target, session: str) -> Visitor:
    where = SimpleNamespace(port=target.port, organisation={"room": target.room})
    return Visitor(cast("Server", where), session)


async def _look(witness: Witness) -> None:
    """One look begins every tenth of a second, whether or not the one before was answered."""
    target = witness.target
    cookies = {"followthrough_session": target.sessions[1]}
    pages: list[tuple[str, dict[str, str]]] = [
        ("/accounts/login/", {}),
        ("/incidents/", cookies),
        (f"/incidents/INC-{target.room}/", cookies),
    ]
    async with (
        httpx.AsyncClient(base_url=target.address, timeout=LOOK_TIMEOUT_SECONDS) as client,
        asyncio.TaskGroup() as looking,
    ):
        number = 0
        while True:
            path, known = pages[number % len(pages)]
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in known.items())}
            looking.create_task(_look_once(witness, client, path, headers))
            number += 1
            await asyncio.sleep(LOOK_EVERY_SECONDS)


async def _look_once(witness: Witness, client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> None:
    began = time.perf_counter()
    try:
        answer = await client.get(path, headers=headers)
    except httpx.HTTPError as error:
        witness.failures.append(f"{path}: {error!r}")
        return
    witness.looks.append((path, time.perf_counter() - began))
    if answer.status_code != 200:
        witness.failures.append(f"{path}: {answer.status_code}")


async def _write(witness: Witness, writer: Visitor) -> None:
    """Until the socket is lost, which is counted."""
    while writer.closed is None:
        await asyncio.sleep(WRITE_EVERY_SECONDS)
        entry = new_entry("14:11 connection pool at 100 %")
        answer: dict[str, Any] = {}
        with suppress(AssertionError, ConnectionClosed):
            answer = await writer.do("entry.add", op=str(uuid4()), **entry)
        if answer.get("t") == "ack":
            witness.kept.add(entry["id"])
        else:
            witness.unanswered += 1


async def _weigh(witness: Witness, pid: int) -> None:
    server = psutil.Process(pid)
    while True:
        witness.memory.append(server.memory_info().rss)
        await asyncio.sleep(MEMORY_EVERY_SECONDS)
