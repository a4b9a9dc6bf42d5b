"""A line between a visitor and a server that holds messages back, lets them overtake each other and repeats them."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.live.server import Server

LONGEST = 0.15
"""Seconds that a message is held back at most."""


class Line:
    """In place of a server, for visitors. Frames come late, muddled and twice; each command is sent twice."""

    def __init__(self, server: Server) -> None:
        self.server, self.port = server, 0
        self.organisation, self.sessions = server.organisation, server.sessions
        self.chance = random.Random(7)
        self.muddled = 0
        self._late: set[asyncio.Task[None]] = set()

    async def carry(self, near: ServerConnection) -> None:
        request = near.request
        assert request is not None
        async with connect(
            f"ws://127.0.0.1:{self.server.port}{request.path}",
            origin=f"http://127.0.0.1:{self.server.port}",  # type: ignore[arg-type]
            additional_headers={"Cookie": request.headers["Cookie"]},
            compression=None,
            max_size=None,
        ) as far:
            both = [asyncio.create_task(way(near, far)) for way in (self._up, self._down)]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in (*both, *self._late):
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _up(self, near: ServerConnection, far: ClientConnection) -> None:
        async for text in near:
            await far.send(text)
            if json.loads(text)["t"] == "do":
                await far.send(text)

    async def _down(self, near: ServerConnection, far: ClientConnection) -> None:
        async for text in far:
            if json.loads(text)["t"] == "frame" and self.chance.random() < 0.6:
                self.muddled += 1
                task = asyncio.create_task(self._later(near, text))
                self._late.add(task)
                task.add_done_callback(self._late.discard)
            else:
                await near.send(text)

    async def _later(self, near: ServerConnection, text: str | bytes) -> None:
        await asyncio.sleep(self.chance.random() * LONGEST)
        try:
            await near.send(text)
            if self.chance.random() < 0.3:
                await near.send(text)
        except ConnectionClosed:
            return


@asynccontextmanager
async def muddled_line(server: Server) -> AsyncIterator[Line]:
    line = Line(server)
    async with serve(line.carry, "127.0.0.1", 0, compression=None, max_size=None) as proxy:
        line.port = next(iter(proxy.sockets)).getsockname()[1]
        yield line
