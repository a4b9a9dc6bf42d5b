"""A line that delays and muddles, and a disk that is full: nothing acknowledged is lost, everyone ends alike."""

from __future__ import annotations

import asyncio
import random
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from tests.live.server import Server
from tests.live.visitor import Json, Visitor, new_entry


class Muddled(Visitor):
    """Hears the room through a line that holds frames back and lets later ones overtake them."""

    chance = random.Random(7)

    async def _take(self, message: Json) -> None:
        if message["t"] == "frame" and self.chance.random() < 0.5:
            self._late = getattr(self, "_late", set())
            task = asyncio.create_task(self._take_later(message))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
        else:
            await super()._take(message)

    async def _take_later(self, message: Json) -> None:
        await asyncio.sleep(self.chance.random() * 0.15)
        await super()._take(message)
        self._news.set()


def test_frames_that_come_late_and_out_of_order_end_in_the_same_records(server: Server) -> None:
    async def meet() -> None:
        room = server.organisation["rooms"][-20]
        straight = Visitor(server, server.sessions[0], room)
        muddled = [Muddled(server, session, room) for session in server.sessions[1:4]]
        async with straight, muddled[0], muddled[1], muddled[2]:
            for at in range(40):
                await straight.ask("entry.add", op=str(uuid4()), **new_entry(f"14:{at + 10} {at}"))
                await asyncio.sleep(0.02)
            last = (await straight.do("entry.add", **new_entry("14:40 the last")))["seq"]
            for who in muddled:
                await who.until(lambda who=who: who.seq is not None and who.seq >= last)
                assert who.records == straight.records
            assert sum(who.gaps for who in muddled) > 0

    asyncio.run(meet())


@contextmanager
def full_disk(server: Server) -> Iterator[None]:
    """The server can no longer write past the first pages of any file."""
    try:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    except (AttributeError, PermissionError):
        pytest.skip("This machine does not let a test limit another process.")
    yield
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)


def test_a_full_disk_refuses_with_a_reason_while_reading_goes_on(make_server: Callable[[], Server]) -> None:
    server = make_server()

    async def meet() -> None:
        async with Visitor(server, server.sessions[0]) as one, Visitor(server, server.sessions[1]) as other:
            await one.do("entry.add", **new_entry("14:11 before"))
            entry, op = new_entry("14:12 meanwhile"), str(uuid4())
            with full_disk(server):
                refused = await one.do("entry.add", op=op, **entry)
                assert (refused["t"], refused["status"]) == ("no", 503)
                assert "Your text is kept" in refused["message"]
                await other.leave()
                await other.connect()
                texts = {row["text"] for row in other.rows("timeline.entry").values()}
                assert "before" in texts
                assert "meanwhile" not in texts
            assert (await one.do("entry.add", op=op, **entry))["t"] == "ack"
            await other.until(lambda: entry["id"] in other.rows("timeline.entry"))

    asyncio.run(meet())
