"""Answers come through the threads whole and in their order, however long they are."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from followthrough.config.spool import IN_MEMORY_BYTES
from followthrough.config.wsgi_threads import PAGE_THREADS, WsgiThreads

PIECE = b"0123456789abcdef" * 1024


def answered(
    pieces: int, *, headers: Any = (), body: tuple[bytes, ...] = (), leaves: bool = False
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What is sent for an answer of so many pieces, and what the application was told of the request."""
    told: dict[str, Any] = {}
    sent: list[dict[str, Any]] = []
    coming: list[dict[str, Any]] = [
        {"type": "http.request", "body": part, "more_body": leaves or number < len(body)}
        for number, part in enumerate(body, start=1)
    ] + [{"type": "http.disconnect"}]

    def app(environ: dict[str, Any], start_response: Any) -> Any:
        told.update(environ, read=environ["wsgi.input"].read())
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (bytes([number]) + PIECE for number in range(pieces))

    async def receive() -> dict[str, Any]:
        return coming.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    length = (b"content-length", str(sum(map(len, body))).encode())
    scope = {
        "type": "http", "method": "POST", "path": "/hooks/a/", "query_string": b"", "http_version": "1.1",
        "headers": [length, (b"host", b"localhost"), *headers], "server": ("localhost", 80), "client": None,
    }  # fmt: skip
    asyncio.run(WsgiThreads(app)(scope, receive, send))
    return sent, told


@pytest.mark.parametrize("pieces", [0, 1, 3, IN_MEMORY_BYTES // len(PIECE) * 2 + 1])
def test_an_answer_comes_whole_and_in_order(pieces):
    sent, _ = answered(pieces)
    assert sent[0]["type"] == "http.response.start"
    assert sent[0]["status"] == 200
    assert b"".join(message["body"] for message in sent[1:]) == b"".join(
        bytes([number]) + PIECE for number in range(pieces)
    )
    assert [message.get("more_body", False) for message in sent[1:]] == [True] * (len(sent) - 2) + [False]


@pytest.mark.parametrize("body", [(), (b"name=Ada",), (b"name=", b"", b"Ada"), (PIECE,) * 20])
def test_a_body_is_read_whole_whether_short_or_long(body):
    assert answered(1, body=body)[1]["read"] == b"".join(body)


def test_nothing_is_done_for_somebody_who_left_while_sending():
    assert answered(1, body=(b"name=", b"A"), leaves=True) == ([], {})


def test_a_header_with_a_low_line_cannot_pass_for_a_proxy_s():
    _, told = answered(1, headers=[(b"x-real", b"1"), (b"x_forwarded_proto", b"https")])
    assert told["HTTP_X_REAL"] == "1"
    assert "HTTP_X_FORWARDED_PROTO" not in told


def test_what_breaks_in_the_application_reaches_the_server():
    async def ask() -> None:
        await WsgiThreads(lambda environ, start_response: 1 / 0)(scope, None, None)

    scope = {
        "type": "http", "method": "GET", "path": "/", "query_string": b"", "http_version": "1.1", "headers": [],
    }  # fmt: skip
    with pytest.raises(ZeroDivisionError):
        asyncio.run(ask())


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/key/1-a/", "/invitation/a/"])
def test_a_page_is_drawn_while_very_many_passwords_are_hashed(path: str) -> None:
    hashed = threading.Event()

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            assert hashed.wait(60)
        start_response("200 OK", [])
        return [environ["PATH_INFO"].encode()]

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def guess_and_look() -> list[bytes]:
        threads = WsgiThreads(app)
        guesses = [
            asyncio.create_task(threads(scope | {"method": "POST", "path": path}, receive, send))
            for _ in range(2 * PAGE_THREADS)
        ]
        await threads(scope | {"method": "GET", "path": path}, receive, send)
        first = [message["body"] for message in sent if message["type"] == "http.response.body"]
        hashed.set()
        await asyncio.gather(*guesses)
        return first

    sent: list[dict[str, Any]] = []
    scope = {"type": "http", "query_string": b"", "http_version": "1.1", "headers": []}
    assert asyncio.run(asyncio.wait_for(guess_and_look(), 60)) == [path.encode()]
