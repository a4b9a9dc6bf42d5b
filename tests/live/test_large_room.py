"""A room of 3,200 entries and people who chatter: everybody gets in, in pieces or at once, and nobody is starved."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from followthrough.live.limits import HELLO_BURST, HELLOS_PER_SECOND
from tests.live.server import Server
from tests.live.visitor import Json, Visitor

ENTRIES, AT_ONCE = 3_200, 100
BEGAN = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _rows(first: int) -> list[Json]:
    return [
        {
            "id": str(uuid4()),
            "key": f"line {number}",
            "text": f"{number} " + "checkout answered 502 " * 17,
            "happened_at": (BEGAN + timedelta(seconds=number)).isoformat(),
        }
        for number in range(first, first + AT_ONCE)
    ]


async def _fill(server: Server, room: int) -> None:
    async with Visitor(server, server.sessions[0], room) as writer:
        for first in range(0, ENTRIES, AT_ONCE):
            answer = await writer.do("entry.take_over", rows=_rows(first), source="chat")
            assert answer["t"] == "ack", answer


@pytest.fixture(scope="module")
def room(server: Server) -> int:
    number: int = server.organisation["rooms"][30]
    asyncio.run(_fill(server, number))
    return number


@asynccontextmanager
async def _chatter(server: Server, room: int) -> AsyncIterator[Visitor]:
    """Somebody whose cursor moves 50 times a second."""
    async with Visitor(server, server.sessions[1], room) as one:

        async def talk() -> None:
            while True:
                await one.send({"t": "say", "kind": "cursor", "on": f"note:causes AQ {time.monotonic()}"})
                await asyncio.sleep(0.02)

        talking = asyncio.create_task(talk())
        yield one
        talking.cancel()
        with suppress(asyncio.CancelledError):
            await talking


class Plain(Visitor):
    """A client that knows nothing of pieces."""

    async def send(self, message: Json | str) -> None:
        if isinstance(message, dict):
            message = {name: value for name, value in message.items() if name != "pieces"}
        await super().send(message)


def test_ten_of_ten_newcomers_get_in_while_somebody_chatters(server: Server, room: int) -> None:
    async def meet() -> None:
        async with _chatter(server, room) as chatter:
            for kind, pieces in ((Visitor, True), (Plain, False)):
                newcomers = [kind(server, session, room) for session in server.sessions[2:12]]
                await asyncio.gather(*(one.connect() for one in newcomers))
                for one in newcomers:
                    await one.until(lambda one=one: any(m["t"] == "said" for m in one.heard))
                    assert one.closed is None
                    assert len(one.rows("timeline.entry")) == ENTRIES
                    assert any(m["t"] == "piece" for m in one.heard) is pieces
                assert len({one.state_hash() for one in (chatter, *newcomers)}) == 1
                await asyncio.gather(*(one.leave() for one in newcomers))

    asyncio.run(meet())


def test_pieces_are_short_and_come_before_their_welcome(server: Server, room: int) -> None:
    async def meet() -> None:
        async with Visitor(server, server.sessions[2], room) as one:
            types = [message["t"] for message in one.heard]
            count = one.last("welcome")["pieces"]
            assert types[: count + 1] == ["piece"] * count + ["welcome"]
            assert [message["piece"] for message in one.heard[:count]] == list(range(1, count + 1))
            assert max(len(str(message)) for message in one.heard[:count]) < 150_000

    asyncio.run(meet())


def test_what_one_page_says_of_one_kind_is_passed_on_ten_times_a_second(server: Server) -> None:
    async def meet() -> None:
        quiet = server.organisation["rooms"][31]
        async with (
            Visitor(server, server.sessions[1], quiet) as one,
            Visitor(server, server.sessions[2], quiet) as other,
        ):
            began = time.monotonic()
            for number in range(100):
                await one.send({"t": "say", "kind": "cursor", "on": f"note:causes {number}"})
            await other.until(lambda: any(message.get("on") == "note:causes 99" for message in other.heard))
            heard = [message for message in other.heard if message["t"] == "said"]
            assert len(heard) <= 2 + (time.monotonic() - began) * 10

    asyncio.run(meet())


def test_a_flood_of_hellos_starves_nobody(server: Server, room: int) -> None:
    """The server's clock runs no longer than ours, so that its rate limit holds on a machine of any speed."""

    async def meet() -> None:
        began, parked = time.monotonic(), str(uuid4())
        async with (
            Visitor(server, server.sessions[3], room) as flood,
            Visitor(server, server.sessions[4], room) as one,
        ):
            for _ in range(400):
                await flood.send({"t": "hello", "v": 1, "seq": None, "pieces": True})
            assert (await one.do("park.add", id=parked, text="Later"))["t"] == "ack"
            await flood.until(lambda: parked in flood.rows("meetings.parkeditem"))
            welcomes = sum(message["t"] == "welcome" for message in flood.heard)
            assert welcomes <= HELLO_BURST + HELLOS_PER_SECOND * (time.monotonic() - began)

    asyncio.run(meet())


def test_a_person_has_fifty_sockets_and_a_kind_word_for_the_next(server: Server) -> None:
    async def meet() -> None:
        session, rooms = server.sessions[20], server.organisation["rooms"][32:34]
        visitors = [Visitor(server, session, rooms[number % 2]) for number in range(50)]
        await asyncio.gather(*(one.connect() for one in visitors))
        late = Visitor(server, session, rooms[0])
        await late.connect(hello=False)
        await late.until(lambda: late.closed)
        assert late.closed == (
            1013,
            "You have rooms open in too many places. Close some of those pages; this one then comes in by itself.",
        )
        async with Visitor(server, server.sessions[21], rooms[0]):
            await visitors[0].leave()
            await late.connect()
            assert late.last("welcome")["room"]
        await asyncio.gather(*(one.leave() for one in (*visitors, late)))

    asyncio.run(meet())
