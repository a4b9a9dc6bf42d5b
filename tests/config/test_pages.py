"""Answers come through the threads whole and in their order, however long they are."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from followthrough.config.pages import TOGETHER, Pages

PIECE = b"0123456789abcdef" * 1024


def answered(pieces: int, *, headers: Any = ()) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What is sent for an answer of so many pieces, and what the application was told of the request."""
    told: dict[str, Any] = {}
    sent: list[dict[str, Any]] = []

    def app(environ: dict[str, Any], start_response: Any) -> Any:
        told.update(environ, read=environ["wsgi.input"].read())
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (bytes([number]) + PIECE for number in range(pieces))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"name=Ada", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/", "query_string": b"", "http_version": "1.1",
        "headers": list(headers), "server": ("localhost", 80), "client": None,
    }  # fmt: skip
    asyncio.run(Pages(app)(scope, receive, send))
    return sent, told


@pytest.mark.parametrize("pieces", [0, 1, 3, TOGETHER // len(PIECE) * 2 + 1])
def test_an_answer_comes_whole_and_in_order(pieces):
    sent, told = answered(pieces)
    assert sent[0]["type"] == "http.response.start"
    assert sent[0]["status"] == 200
    assert b"".join(message["body"] for message in sent[1:]) == b"".join(
        bytes([number]) + PIECE for number in range(pieces)
    )
    assert [message.get("more_body", False) for message in sent[1:]] == [True] * pieces + [False]
    assert told["read"] == b"name=Ada"


def test_a_header_with_a_low_line_cannot_pass_for_a_proxy_s():
    _, told = answered(1, headers=[(b"x-real", b"1"), (b"x_forwarded_proto", b"https")])
    assert told["HTTP_X_REAL"] == "1"
    assert "HTTP_X_FORWARDED_PROTO" not in told


def test_what_breaks_in_the_application_reaches_the_server():
    async def ask() -> None:
        await Pages(lambda environ, start_response: 1 / 0)(scope, None, None)

    scope = {
        "type": "http", "method": "GET", "path": "/", "query_string": b"", "http_version": "1.1", "headers": [],
    }  # fmt: skip
    with pytest.raises(ZeroDivisionError):
        asyncio.run(ask())
