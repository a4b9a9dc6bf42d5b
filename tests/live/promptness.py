"""Bounds on waiting that hold on any machine: they grow with what a round trip takes meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.live.visitor import Visitor, new_entry

PAUSE_SECONDS = 0.05
ROUND_TRIPS = 10
"""That a thing may take beside its promised seconds: what is promised is several steps of the server, a command one."""


@asynccontextmanager
async def within(promised: float, beside: Visitor) -> AsyncIterator[None]:
    """Fails where what stands inside takes more than `promised` seconds and ten round trips, the slowest that `beside` sees
    meanwhile or right after it. `beside` writes entries all the time."""
    done = asyncio.Event()
    trips = asyncio.create_task(_slowest_until(done, beside))
    began = time.monotonic()
    try:
        yield
        took = time.monotonic() - began
    finally:
        done.set()
        slowest = await trips
    slowest = max(slowest, await _round_trip(beside))
    assert took < promised + ROUND_TRIPS * slowest, f"{took:.2f} s; the slowest round trip {slowest:.2f} s"


async def _slowest_until(done: asyncio.Event, beside: Visitor) -> float:
    slowest = 0.0
    while not done.is_set():
        slowest = max(slowest, await _round_trip(beside))
        await asyncio.sleep(PAUSE_SECONDS)
    return slowest


async def _round_trip(beside: Visitor) -> float:
    began = time.monotonic()
    assert (await beside.do("entry.add", **new_entry()))["t"] == "ack"
    return time.monotonic() - began
