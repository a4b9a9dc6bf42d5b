"""Lines that muddle, servers that are killed, a full disk: nothing acknowledged is lost or doubled, all end alike."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

import pytest
from websockets.exceptions import WebSocketException

from tests.live.fork_server import ForkServer
from tests.live.proxy import muddled_line
from tests.live.server import Server
from tests.live.visitor import Json, Visitor, new_entry


def test_a_line_that_delays_muddles_and_repeats_loses_and_doubles_nothing(server: Server) -> None:
    async def meet() -> None:
        room = server.organisation["rooms"][-20]
        async with muddled_line(server) as line:
            straight = Visitor(server, server.sessions[0], room)
            muddled = [Visitor(line, session, room) for session in server.sessions[1:4]]  # type: ignore[arg-type]
            async with straight, muddled[0], muddled[1], muddled[2]:
                rounds = 0
                while rounds < 12 or not sum(who.gaps for who in muddled):
                    rounds += 1
                    for who in muddled:
                        await who.ask(
                            "entry.add", op=str(uuid4()), **new_entry(f"14:{rounds % 60:02} {rounds}")
                        )
                    await straight.do("entry.add", **new_entry(f"14:{rounds % 60:02} {rounds}"))
                for who in muddled:
                    await who.until(lambda who=who: sum(one["t"] == "ack" for one in who.heard) >= 2 * rounds)
                last = (await straight.do("entry.add", **new_entry("14:40 the last")))["seq"]
                for who in muddled:
                    await who.until(lambda who=who: who.seq is not None and who.seq >= last)
                assert len(straight.rows("timeline.entry")) == 4 * rounds + 1
                assert len({who.state_hash() for who in (straight, *muddled)}) == 1
            assert line.muddled > 0

    asyncio.run(meet())


KILLS = 10


class Writer:
    """Keeps every command until it is acknowledged, comes back after each cut and repeats what is not."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.said: dict[str, Json] = {}

    @property
    def acknowledged(self) -> int:
        return sum(answer["t"] == "ack" for answer in self.visitor.answers.values())

    async def write_until_cut(self) -> None:
        await self.visitor.leave()
        with suppress(WebSocketException, OSError, AssertionError):
            await self.visitor.connect()
            for op in [op for op in self.said if op not in self.visitor.answers] + list(self.said)[:1]:
                await self.visitor.ask("entry.add", op=op, **self.said[op])
            while self.visitor.closed is None:
                op, entry = str(uuid4()), new_entry()
                self.said[op] = entry
                await self.visitor.do("entry.add", op=op, **entry)

    async def finish(self) -> None:
        await self.visitor.leave()
        await self.visitor.connect()
        answers = [await self.visitor.do("entry.add", op=op, **entry) for op, entry in self.said.items()]
        assert {answer["t"] for answer in answers} == {"ack"}


async def _write_through_kills(fork_server: ForkServer, writers: list[Writer]) -> None:
    for _ in range(KILLS):
        await asyncio.to_thread(fork_server.start)
        enough = sum(writer.acknowledged for writer in writers) + 2 * len(writers)
        writing = [asyncio.create_task(writer.write_until_cut()) for writer in writers]
        while sum(writer.acknowledged for writer in writers) < enough:
            await asyncio.sleep(0.005)
        fork_server.kill()
        await asyncio.gather(*writing)


@pytest.mark.slow
def test_ten_kills_in_a_minute_lose_and_double_nothing(make_server: Callable[[], Server]) -> None:
    server = make_server()
    server.stop()
    writers = [Writer(Visitor(server, session)) for session in server.sessions[:4]]

    async def meet(fork_server: ForkServer) -> None:
        await _write_through_kills(fork_server, writers)
        await asyncio.to_thread(fork_server.start)
        for writer in writers:
            await writer.finish()
        visitors = [writer.visitor for writer in writers]
        last = max(visitor.seq or 0 for visitor in visitors)
        for visitor in visitors:
            await visitor.until(lambda visitor=visitor: visitor.seq == last)
        written = [entry["id"] for writer in writers for entry in writer.said.values()]
        assert sorted(visitors[0].rows("timeline.entry")) == sorted(written)
        assert len({visitor.state_hash() for visitor in visitors}) == 1
        await asyncio.gather(*(visitor.leave() for visitor in visitors))

    with ForkServer(server) as fork_server:
        asyncio.run(meet(fork_server))


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
