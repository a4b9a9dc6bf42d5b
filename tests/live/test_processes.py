"""Two server processes on one PostgreSQL: people of one room on different processes see the same, in order, at once."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.live.server import ROOT, Server
from tests.live.visitor import Visitor, new_entry
from tests.postgresql.cluster import cluster

LOOKED_AFTER = 1.0
"""Seconds after which a process would look by itself, without any hint."""


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[Server]]:
    with cluster(tmp_path) as address:
        settings = {"FOLLOWTHROUGH_DATABASE_URL": address, "FOLLOWTHROUGH_SECRET_KEY": "s" * 50}
        environment = os.environ | settings | {"FOLLOWTHROUGH_DATA": str(tmp_path / "data")}
        environment["PYTHONPATH"] = str(ROOT / "src")
        seed = "import django; django.setup(); from tests.live import seed; seed.main(people=4, rooms=2)"
        made = subprocess.run(
            [sys.executable, "-c", seed], cwd=ROOT, env=environment, check=True, capture_output=True
        )
        people = json.loads(made.stdout)
        started = [Server(tmp_path / "data", people, **settings) for _ in range(2)]
        yield started
        for server in started:
            server.stop()


def test_people_on_two_processes_see_the_same_in_order_and_at_once(servers: list[Server]) -> None:
    async def meet() -> list[float]:
        one, other = (Visitor(server, server.sessions[at]) for at, server in enumerate(servers))
        async with one, other:
            waits = []
            for at in range(12):
                writer, reader = (one, other) if at % 2 else (other, one)
                entry, began = new_entry(f"14:1{at % 10} line {at}"), time.monotonic()
                await writer.do("entry.add", **entry)
                await reader.until(
                    lambda reader=reader, key=entry["id"]: key in reader.rows("timeline.entry")
                )
                waits.append(time.monotonic() - began)
            both = [
                who.do("entry.add", **new_entry(f"14:2{at} both")) for at in range(9) for who in (one, other)
            ]
            assert {answer["t"] for answer in await asyncio.gather(*both)} == {"ack"}
            last = max(one.seq or 0, other.seq or 0)
            for who in (one, other):
                await who.until(lambda who=who: (who.seq or 0) >= last)
                assert who.gaps == 0
            assert one.records == other.records
            assert len(one.rows("timeline.entry")) == 12 + len(both)
        return waits

    assert median(asyncio.run(meet())) < LOOKED_AFTER / 3
