"""Pages by Django's WSGI handler, in threads that stay and cross to the event loop no more often than they must."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from a2wsgi.wsgi import WSGIMiddleware, WSGIResponder

THREADS = 4
"""Pages drawn at a time; each thread keeps its database connection."""
TOGETHER = 256 * 1024
"""Answers of up to so many bytes are sent once they are whole, and bodies read before a thread is asked for."""
BODY = "followthrough.body"


class Pages(WSGIMiddleware):
    """The ASGI application that has the WSGI application `app` answer."""

    def __init__(self, app: Any) -> None:
        super().__init__(app, workers=THREADS)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Leaves out headers whose names hold "_": WSGI would take them for a proxy's, which are written with "-"."""
        if scope["type"] == "http":
            headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
            body = await _short_body(dict(headers), receive)
            if body is None:
                return
            answer: Any = _Answer(self._respond, self.executor, self.send_queue_size)
            await answer({**scope, "headers": headers, BODY: body}, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def _respond(self, environ: Any, start_response: Any) -> Any:
        if body := environ["asgi.scope"][BODY]:
            environ["wsgi.input"] = BytesIO(body)
        return self.app(environ, start_response)


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


async def _short_body(headers: dict[bytes, bytes], receive: Any) -> bytes | None:
    """The whole body, None when who sends it has gone; nothing where it is long: the thread reads that as it comes."""
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or not 0 < int(length) <= TOGETHER:
        return b""
    parts, more = [], True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)
