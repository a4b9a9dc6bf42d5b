"""The part that fakes of trackers share: a real HTTP server, faults to order, and what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """One request, as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    payload: Any


@dataclass(frozen=True)
class Reply:
    """What is answered; None for `payload` is no body."""

    status: int
    payload: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Fault = Callable[[Request, Callable[[], Reply]], Reply | None]
"""(request, what would be answered) -> what is, None for a connection that breaks off."""


def lost_before(_: Request, __: Callable[[], Reply]) -> Reply | None:
    """The request never arrives."""
    return None


def lost_after(_: Request, answer: Callable[[], Reply]) -> Reply | None:
    """It is carried out, and nobody hears of it."""
    answer()
    return None


def answering(status: int, payload: Any = None, **headers: str) -> Fault:
    """It is refused so, and not carried out."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _, __: Reply(status, payload or {"message": "no"}, named)


class TrackerServer:
    """A fake of one service. `faults` are used up one by one by the requests that come, `asked` are all of those."""

    token = "secret-token-1234"

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.faults: list[Fault] = []
        self.answered: list[tuple[Request, Reply]] = []
        self.address = ""
        self.lock = threading.Lock()

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    def may_fail(self, request: Request) -> bool:
        """Whether a fault that was ordered is meant for this request."""
        return True

    def take(self, request: Request) -> Reply | None:
        with self.lock:
            self.asked.append(request)
            fault = self.faults.pop(0) if self.faults and self.may_fail(request) else None

            def usual() -> Reply:
                reply = self.answer(request)
                self.answered.append((request, reply))
                return reply

            return fault(request, usual) if fault else usual()

    def writes(self) -> list[Request]:
        return [request for request in self.asked if request.method != "GET"]

    @contextmanager
    def running(self) -> Iterator[Any]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        self.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


def _handler(fake: TrackerServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            payload = json.loads(body) if body else None
            request = Request(self.command, parts.path, dict(parse_qsl(parts.query)), headers, payload)
            reply = fake.take(request)
            if reply is None:
                self.close_connection = True
                return
            sent = b"" if reply.payload is None else json.dumps(reply.payload).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _take  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None:
            pass

    return Handler
