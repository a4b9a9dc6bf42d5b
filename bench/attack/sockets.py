"""Attacks on the room: surrogates, floods, handshakes, a welcome that is starved by chatter."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from contextlib import AsyncExitStack, suppress
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection, connect

from bench.attack.target import Target

NEWCOMERS = 10
CHATTER_PER_SECOND = 50


async def surrogates(target: Target) -> str:
    """Escaped lone surrogates, control characters and numbers out of range, in every sort of message."""
    odd: list[dict[str, Any]] = [
        *(
            {"t": "say", "kind": kind, "on": "\ud800"}
            for kind in ("cursor", "writing", "reaction", "looking")
        ),
        {
            "t": "do",
            "op": "7d6a3c4e-0000-4000-8000-000000000001",
            "do": "entry.add",
            "args": {"line": "\ud800"},
        },
        {"t": "hello", "v": 1, "seq": 10**400},
        {"t": "ping", "at": float("inf")},
        {"t": "open", "of": "\ud800", "vector": "\ud800"},
    ]
    closed = [await _say(target, json.dumps(message)) for message in odd for _ in range(5)]
    return _counted(closed)


async def floods(target: Target) -> str:
    """Thousands of messages, handshakes and hellos at once, 16-MB frames, and 600 sockets of one person."""
    told = [
        await _say(target, *[json.dumps({"t": "say", "kind": "cursor", "on": "x"})] * 2_000),
        await _say(target, *['{"t":"hello","v":1,"seq":null}'] * 1_400),
        await _say(target, "x" * 15_000_000),
    ]
    async with AsyncExitStack() as stack:
        opened = await asyncio.gather(
            *(stack.enter_async_context(_socket(target, target.room)) for _ in range(600)),
            return_exceptions=True,
        )
        await asyncio.sleep(2)
        stayed = sum(isinstance(one, ClientConnection) and one.close_code is None for one in opened)
        told.append(f"{stayed} of 600 sockets stay open")
    return _counted(told)


async def starved_welcomes(target: Target) -> str:
    """Newcomers to a large room while one client says where its cursor is, fifty times a second."""
    async with _socket(target, target.large) as loud:
        chatter = asyncio.create_task(_chatter(loud))
        entered = [await _enters(target) for _ in range(NEWCOMERS)]
        chatter.cancel()
    return f"{sum(entered)} of {NEWCOMERS} got in"


async def _chatter(socket: ClientConnection) -> None:
    reading = asyncio.create_task(_drain(socket))
    with suppress(websockets.ConnectionClosed):
        while True:
            await socket.send('{"t":"say","kind":"cursor","on":"entry"}')
            await asyncio.sleep(1 / CHATTER_PER_SECOND)
    reading.cancel()


async def _drain(socket: ClientConnection) -> None:
    async for _ in socket:
        pass


async def _enters(target: Target) -> bool:
    """Whether all records of the room arrive."""
    with suppress(websockets.ConnectionClosed, TimeoutError):
        async with _socket(target, target.large) as socket, asyncio.timeout(15):
            await socket.send('{"t":"hello","v":1,"seq":null}')
            entries = 0
            async for text in socket:
                records = json.loads(text).get("records", {})
                entries += len(records.get("timeline.entry", []))
                if entries >= target.large_entries:
                    return True
    return False


async def _say(target: Target, *messages: str) -> str:
    """How the connection ends after these messages, or that it did not."""
    try:
        async with _socket(target, target.room) as socket:
            for message in messages:
                await socket.send(message)
            async with asyncio.timeout(0.5):
                await _drain(socket)
    except TimeoutError:
        return "still open"
    except (websockets.WebSocketException, OSError) as error:
        return type(error).__name__
    return str(socket.close_code)


def _socket(target: Target, room: int) -> connect:
    headers = {"Cookie": target.cookie(), "Origin": target.address}
    return websockets.connect(
        target.socket_address(room), additional_headers=headers, compression=None, max_size=None
    )


def _counted(ends: list[str]) -> str:
    return ", ".join(f"{count} × {end}" for end, count in Counter(ends).items())
