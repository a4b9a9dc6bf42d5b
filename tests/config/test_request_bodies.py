"""A body is whole before a page is asked: in memory or on disk, as long as its sender may send, and not too slowly."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from followthrough.config import request_bodies, spool
from followthrough.config.request_bodies import ANYBODY_BYTES
from followthrough.config.spool import Spool, SpoolFull
from followthrough.config.wsgi_threads import WsgiThreads
from followthrough.core.middleware import REFUSAL

PIECE = b"0123456789abcdef" * 1024


def asked(*parts: bytes, path: str = "/", stalls: bool = False, **headers: str) -> dict[str, Any]:
    """What the application is told of a request that sends these parts, and how many of them were `taken`."""
    coming, told = list(parts), {}

    def app(environ: dict[str, Any], start_response: Any) -> Any:
        told.update(environ, read=environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b""]

    async def receive() -> dict[str, Any]:
        if not coming and stalls:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": coming.pop(0), "more_body": bool(coming) or stalls}

    async def send(_: dict[str, Any]) -> None:
        pass

    given = {"host": "localhost", "content_length": str(sum(map(len, parts)))} | headers
    scope = {
        "type": "http", "method": "POST", "path": path, "query_string": b"", "http_version": "1.1",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items() if value],
        "server": ("localhost", 80), "client": None,
    }  # fmt: skip
    asyncio.run(WsgiThreads(app)(scope, receive, send))
    return told | {"taken": len(parts) - len(coming)}


def refused(told: dict[str, Any]) -> tuple[int, str]:
    """The status and words with which the body was not taken; none of it reaches a page."""
    assert told["read"] == b""
    assert told["CONTENT_LENGTH"] == "0"
    return told[REFUSAL].status, told[REFUSAL].message


def test_a_long_declared_body_of_somebody_unknown_is_refused_before_it_is_read():
    told = asked(*[PIECE] * 20, path="/accounts/login/")
    assert told["taken"] == 0
    status, words = refused(told)
    assert status == 413
    assert "people who are signed in" in words


def test_a_body_in_chunks_is_counted_as_it_comes():
    told = asked(*[PIECE] * 20, content_length="", transfer_encoding="chunked")
    assert told["taken"] == ANYBODY_BYTES // len(PIECE) + 1
    assert refused(told)[0] == 413


def test_a_short_body_in_chunks_reaches_the_page():
    told = asked(b"name=", b"Ada", content_length="", transfer_encoding="chunked")
    assert (told["read"], told["CONTENT_LENGTH"]) == (b"name=Ada", "8")


@pytest.mark.parametrize("length", ["-1", "1e3", "²", "9" * 30, "0x10"])
def test_a_length_that_is_none_is_refused(length: str):
    assert refused(asked(b"name=Ada", content_length=length))[0] == 400


def test_a_body_that_comes_too_slowly_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(request_bodies, "GRACE_SECONDS", 0.01)
    status, words = refused(asked(b"name=", stalls=True, content_length="300"))
    assert status == 408
    assert "too slowly" in words


def test_a_request_for_no_host_is_refused():
    assert refused(asked(host=""))[0] == 400


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """There is room for 40 bytes, for 20 of them in memory."""
    monkeypatch.setattr(spool, "IN_MEMORY_BYTES", 10)
    monkeypatch.setattr(spool, "ALL_IN_MEMORY_BYTES", spool._held.memory + 20)
    monkeypatch.setattr(spool, "ALL_BYTES", spool._held.all + 40)
    before = spool._held.all, spool._held.memory
    yield
    assert (spool._held.all, spool._held.memory) == before


def test_spools_go_to_disk_when_long_or_when_memory_is_short(narrow: None):
    first, second, third = Spool(), Spool(), Spool()
    first.write(b"12345678")
    second.write(b"12345678")
    assert not first.is_on_disk
    third.write(b"12345678")
    assert third.is_on_disk
    first.write(b"90a")
    assert first.is_on_disk
    first.rewind()
    assert first.read() == b"1234567890a"
    for one in (first, second, third):
        one.close()
        one.close()


def test_all_spools_together_have_a_bound(narrow: None):
    first, second = Spool(), Spool()
    first.write(b"1" * 30)
    with pytest.raises(SpoolFull, match="try again in a minute"):
        second.write(b"1" * 30)
    first.close()
    second.write(b"1" * 30)
    second.close()
