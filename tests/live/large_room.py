"""A room of 3,200 entries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tests.live.server import Server
from tests.live.visitor import Json, Visitor

ENTRIES, AT_ONCE = 3_200, 100
BEGAN = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def fill(server: Server, room: int) -> None:
    """Takes over the lines of a chat log, through a socket."""
    async with Visitor(server, server.sessions[0], room) as writer:
        for first in range(0, ENTRIES, AT_ONCE):
            answer = await writer.do("entry.take_over", rows=_rows(first), source="chat")
            assert answer["t"] == "ack", answer


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
