"""Pages by Django's WSGI handler in a thread pool, crossing to the event loop no more often than they must.

A request's body is whole before a thread is asked for, and an answer is sent once the thread has gone on.
"""

from __future__ import annotations

import contextvars
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO, UnsupportedOperation
from typing import IO, Any

from a2wsgi.wsgi import WSGIMiddleware, WSGIResponder, build_environ

from followthrough.config.request_bodies import in_spool_thread, read_body
from followthrough.config.spool import IN_MEMORY_BYTES, Spool, SpoolFull
from followthrough.core.errors import DomainError
from followthrough.core.middleware import REFUSAL

PAGE_THREADS = 4
"""Pages drawn at a time; each thread keeps its database connection."""
PASSWORD_THREADS = 2
"""Requests that hash a password, which takes half a second of processor time, wait for these and not for pages' threads."""
PASSWORD_NICENESS = 10
_PASSWORDS = ("/accounts/", "/invitation/", "/setup/")
"""What the addresses begin with to which forms with passwords are sent."""


class WsgiThreads(WSGIMiddleware):
    """The ASGI application that has the WSGI application `app` answer."""

    def __init__(self, app: Any) -> None:
        super().__init__(app, workers=PAGE_THREADS)
        self._passwords = ThreadPoolExecutor(
            PASSWORD_THREADS, thread_name_prefix="passwords", initializer=_give_way
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Leaves out headers whose names hold "_": WSGI would take them for a proxy's, which are written with "-"."""
        if scope["type"] != "http":
            return await super().__call__(scope, receive, send)
        headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        scope = {**scope, "headers": headers}
        body, refusal = Spool(), None
        try:
            try:
                if not await read_body(scope, receive, body):
                    return None
            except DomainError as error:
                body.close()
                refusal = error
            executor = self._passwords if _hashes_a_password(scope) else self.executor
            answer = _Answer(self.app, executor, self.send_queue_size)
            await answer.give(_environ(scope, body, refusal), send)
        finally:
            body.close()
        return None


def _hashes_a_password(scope: Any) -> bool:
    return bool(scope["method"] == "POST" and scope["path"].startswith(_PASSWORDS))


def _give_way() -> None:
    """Lets other threads of this process go first, where the system can (Linux has a niceness for each thread)."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), PASSWORD_NICENESS)


def _environ(scope: Any, body: Spool, refusal: DomainError | None) -> dict[str, Any]:
    environ: dict[str, Any] = dict(build_environ(scope, body))  # type: ignore[arg-type]
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["CONTENT_LENGTH"] = str(body.length)
    environ["wsgi.file_wrapper"] = _File
    if refusal:
        environ |= {REFUSAL: refusal, "wsgi.input": BytesIO()}
    return environ


class _File:
    """What the application answers with a file, as PEP 3333 has it."""

    def __init__(self, file: Any, _block_size: int = IN_MEMORY_BYTES) -> None:
        self.file = file
        self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(IN_MEMORY_BYTES), b"")

    def opened_again(self) -> IO[bytes] | None:
        """The same file for another reader; None where it is short, or a part of one."""
        try:
            again = os.fdopen(os.dup(self.file.fileno()), "rb")
        except (AttributeError, UnsupportedOperation):
            return None
        if os.fstat(again.fileno()).st_size <= IN_MEMORY_BYTES:
            again.close()
            return None
        again.seek(self.file.tell())
        return again


class _Answer(WSGIResponder):
    """Keeps what the thread answers, and sends it when the thread is free again."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._start: dict[str, Any] = {}
        self._body = Spool()
        self._file: IO[bytes] | None = None

    async def give(self, environ: dict[str, Any], send: Any) -> None:
        """Has the page drawn in a thread, then sends it."""
        run = contextvars.copy_context().run
        try:
            await self.loop.run_in_executor(self.executor, run, self.wsgi, environ, self.start_response)
            await send(self._start)
            await self._send_body(send)
        except SpoolFull as error:
            words = error.message.encode()
            headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"60")]
            await send({"type": "http.response.start", "status": error.status, "headers": headers})
            await send({"type": "http.response.body", "body": words})
        finally:
            self._close()
        if self.exc_info is not None:
            raise self.exc_info[0].with_traceback(self.exc_info[1], self.exc_info[2])

    def send(self, message: Any) -> None:
        """Called in the thread."""
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._body.write(message["body"])

    def wsgi(self, environ: Any, start_response: Any) -> None:
        """Called in the thread."""
        iterable: Iterable[bytes] = self.app(environ, start_response)
        try:
            self._file = iterable.opened_again() if isinstance(iterable, _File) else None
            for chunk in iterable if self._file is None else ():
                self._body.write(chunk)
        finally:
            getattr(iterable, "close", lambda: None)()

    async def _send_body(self, send: Any) -> None:
        source: Any = self._file or self._body
        self._body.rewind()
        is_short = self._file is None and not self._body.is_on_disk
        while not is_short and (piece := await in_spool_thread(source.read, IN_MEMORY_BYTES)):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        rest = self._body.read() if is_short else b""
        await send({"type": "http.response.body", "body": rest})

    def _close(self) -> None:
        self._body.close()
        if self._file is not None:
            self._file.close()
