"""Pages by Django's WSGI handler, in threads that stay and cross to the event loop no more often than they must."""

from __future__ import annotations

from typing import Any

from a2wsgi.wsgi import WSGIMiddleware, WSGIResponder

THREADS = 4
"""Pages drawn at a time; each thread keeps its database connection."""
TOGETHER = 256 * 1024
"""Answers of up to so many bytes are sent once they are whole; longer ones as they come."""


class Pages(WSGIMiddleware):
    """The ASGI application that has the WSGI application `app` answer."""

    def __init__(self, app: Any) -> None:
        super().__init__(app, workers=THREADS)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Leaves out headers whose names hold "_": WSGI would take them for a proxy's, which are written with "-"."""
        if scope["type"] == "http":
            headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
            answer: Any = _Answer(self.app, self.executor, self.send_queue_size)
            await answer({**scope, "headers": headers}, receive, send)
        else:
            await super().__call__(scope, receive, send)


class _Answer(WSGIResponder):
    """Keeps what the thread sends, as each sending waits for the loop."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._kept: list[Any] = []
        self._length = 0

    def send(self, message: Any) -> None:
        """Called in the thread."""
        self._kept.append(message)
        self._length += len(message.get("body", b""))
        if self._length > TOGETHER:
            kept, self._kept, self._length = self._kept, [], 0
            for one in kept:
                super().send(one)

    async def sender(self, send: Any) -> None:
        """Called in the loop; goes on until the thread has nothing more to send."""
        await super().sender(send)
        for message in self._kept:
            await send(message)
