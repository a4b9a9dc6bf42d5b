"""One socket: what it may send, how fast, and what waits to be sent to it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from followthrough.live import wire
from followthrough.live.admission import Pass
from followthrough.people.models import User

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

BURST, PER_SECOND = 600, 60
WAITING_CHARACTERS = 1_000_000
"""What may wait behind the message that is being sent, which itself may be as large as a whole room."""
CLOSING_SECONDS = 2


class Bucket:
    """Lets `PER_SECOND` messages a second through in the long run, `BURST` at once."""

    def __init__(self) -> None:
        self.left = float(BURST)
        self.filled_at = time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self.left = min(BURST, self.left + (now - self.filled_at) * PER_SECOND)
        self.filled_at = now
        self.left -= 1
        return self.left >= 0


class Client:
    """One open page. `put` never blocks: a reader that falls too far behind is cut and may resume."""

    def __init__(self, pass_: Pass, receive: Receive, send: Send) -> None:
        self.pass_ = pass_
        self.looking_at = ""
        self.attention = "here"
        self._receive, self._send = receive, send
        self._waiting: deque[str] = deque()
        self._characters = 0
        self._held: list[str] | None = None
        self._something = asyncio.Event()
        self._cut: tuple[int, str] | None = None
        self._was_cut = asyncio.Event()

    @property
    def person(self) -> User:
        return self.pass_.person

    def put(self, text: str) -> None:
        """Queues `text`, behind the welcome if that is still being prepared."""
        if self._characters > WAITING_CHARACTERS:
            return self.cut(
                wire.TOO_SLOW, "Your connection was too slow to keep up. The page resumes by itself."
            )
        self._characters += len(text)
        if self._held is not None:
            self._held.append(text)
        else:
            self._waiting.append(text)
            self._something.set()
        return None

    def hold(self) -> None:
        """From now on everything waits for the welcome."""
        if self._held is None:
            self._held = []

    def release(self, welcome: str) -> None:
        """Sends the welcome and then what was held."""
        held, self._held = self._held or [], None
        self.put(welcome)
        self._waiting.extend(held)

    def cut(self, code: int, reason: str) -> None:
        """Ends the connection with a close code."""
        self._cut = self._cut or (code, reason)
        self._was_cut.set()

    async def converse(self, hear: Callable[[wire.Message], None]) -> None:
        """Reads and writes until either side ends it."""
        sides = (self._read(hear), self._write(), self._was_cut.wait())
        tasks = [asyncio.ensure_future(side) for side in sides]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._cut:
            await close(self._send, *self._cut)

    async def _read(self, hear: Callable[[wire.Message], None]) -> None:
        bucket = Bucket()
        while (event := await self._receive())["type"] == "websocket.receive":
            text = event.get("text") or ""
            if len(text) > wire.LARGEST or len(text.encode()) > wire.LARGEST:
                return self.cut(wire.TOO_LARGE, "A message may hold 64 KB at most.")
            if not bucket.take():
                return self.cut(wire.TOO_FAST, "Too many messages at once. The page resumes by itself.")
            try:
                hear(wire.read(text))
            except wire.Malformed:
                return self.cut(wire.NOT_UNDERSTOOD, "The message was not understood. Load the page again.")
        return None

    async def _write(self) -> None:
        while True:
            while self._waiting:
                text = self._waiting.popleft()
                self._characters -= len(text)
                await self._send({"type": "websocket.send", "text": text})
            self._something.clear()
            await self._something.wait()


async def close(send: Send, code: int, reason: str) -> None:
    """Closes, saying why if it is for good; a peer that does not listen is not waited for."""
    try:
        async with asyncio.timeout(CLOSING_SECONDS):
            if code in wire.FOR_GOOD:
                await send({"type": "websocket.send", "text": wire.dump({"t": "over", "reason": reason})})
            await send({"type": "websocket.close", "code": code, "reason": reason[:120]})
    except (TimeoutError, OSError, RuntimeError):
        return
