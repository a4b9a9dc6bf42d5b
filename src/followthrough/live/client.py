"""One WebSocket: what it may send, its rate limit (token bucket), and backpressure on what waits to be sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any

from followthrough.live import protocol
from followthrough.live.authentication import RoomSession
from followthrough.live.limits import (
    HELLO_BURST,
    HELLOS_PER_SECOND,
    MESSAGE_BURST,
    MESSAGE_BYTES,
    MESSAGES_PER_SECOND,
)
from followthrough.live.send_queue import SendQueue
from followthrough.people.models import User

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

CLOSING_SECONDS = 2


class TokenBucket:
    """A rate limit: lets `per_second` through in the long run, `burst` at once."""

    def __init__(self, burst: int, per_second: float) -> None:
        self._burst, self._per_second = burst, per_second
        self._left = float(burst)
        self._filled_at = time.monotonic()

    def take(self) -> float:
        """Takes one; the seconds that it comes too early, 0 if it may pass."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._filled_at) * self._per_second)
        self._filled_at = now
        self._left -= 1
        return max(0.0, -self._left / self._per_second)


class Client:
    """One open page. `put` never blocks: a reader that falls too far behind is cut and may resume."""

    def __init__(self, session: RoomSession, receive: Receive, send: Send) -> None:
        self.session = session
        self.looking_at = ""
        self.attention = "here"
        self.takes_pieces = False
        self.hellos = TokenBucket(HELLO_BURST, HELLOS_PER_SECOND)
        self.asked: protocol.Hello | None = None
        self.greeting: asyncio.Task[None] | None = None
        self.to_open: dict[str, dict[str, Any]] = {}
        self.opening: asyncio.Task[None] | None = None
        self.welcomed = asyncio.Event()
        self.welcomed.set()
        self._receive, self._send = receive, send
        self._queue = SendQueue()
        self._cut: tuple[int, str] | None = None
        self._was_cut = asyncio.Event()

    @property
    def person(self) -> User:
        return self.session.person

    def put(self, text: str, *, newest_of: Hashable = None) -> None:
        """Queues `text`, behind the welcome if that is still being prepared.

        Where a message with the same `newest_of` waits already, this one takes its place.
        """
        if self._queue.is_too_long:
            return self.cut(
                protocol.TOO_SLOW, "Your connection was too slow to keep up. The page resumes by itself."
            )
        return self._queue.put(text, newest_of)

    def still_waits_for(self, newest_of: Hashable) -> bool:
        """Whether such a message was queued and not sent yet."""
        return self._queue.holds(newest_of)

    def hold(self) -> None:
        """From now on everything waits for the welcome."""
        self._queue.hold()

    def release(self, welcome: Sequence[str]) -> None:
        """Sends the messages of a welcome, however long, and then what was held; `welcomed` is set once they are out."""
        self.welcomed.clear()
        self._queue.release(welcome)

    def cut(self, code: int, reason: str) -> None:
        """Ends the connection with a close code."""
        self._cut = self._cut or (code, reason)
        self._was_cut.set()

    async def converse(self, hear: Callable[[protocol.Message], None]) -> None:
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

    async def _read(self, hear: Callable[[protocol.Message], None]) -> None:
        bucket = TokenBucket(MESSAGE_BURST, MESSAGES_PER_SECOND)
        while (event := await self._receive())["type"] == "websocket.receive":
            text = event.get("text") or ""
            if len(text) > MESSAGE_BYTES or len(text.encode()) > MESSAGE_BYTES:
                return self.cut(protocol.TOO_LARGE, "A message may hold 64 KB at most.")
            if bucket.take():
                return self.cut(protocol.TOO_FAST, "Too many messages at once. The page resumes by itself.")
            try:
                hear(protocol.read(text))
            except protocol.Malformed:
                return self.cut(
                    protocol.NOT_UNDERSTOOD, "The message was not understood. Load the page again."
                )
        return None

    async def _write(self) -> None:
        while True:
            message = await self._queue.next()
            await self._send({"type": "websocket.send", "text": message.text})
            if message.ends_welcome:
                self.welcomed.set()


async def close(send: Send, code: int, reason: str) -> None:
    """Closes, saying why if it is for good; a peer that does not listen is not waited for."""
    try:
        async with asyncio.timeout(CLOSING_SECONDS):
            if code in protocol.FINAL_CODES:
                await send({"type": "websocket.send", "text": protocol.dump({"t": "over", "reason": reason})})
            await send({"type": "websocket.close", "code": code, "reason": reason[:120]})
    except (TimeoutError, OSError, RuntimeError):
        return
