"""The WebSocket endpoint beside Django's handler."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.db import Error as DatabaseError

from followthrough.live import authentication, thread_pools
from followthrough.live.authentication import RoomSession, Unauthorised
from followthrough.live.client import Client, Receive, Send, close
from followthrough.live.hub import hub
from followthrough.live.protocol import NOT_VISIBLE, RESTARTING
from followthrough.live.room_backend import RoomBackend, backend_for

Scope = dict[str, Any]
log = logging.getLogger("followthrough.security")
AsgiApp = Callable[[Scope, Any, Any], Awaitable[None]]
SWITCH_INTERVAL_SECONDS = 0.0001
"""Seconds until a busy thread lets another one run: a tick waits for its turn after each statement."""
ADDRESS = re.compile(r"^/live/([a-z]+)/(\d{1,18})/$")


class LiveEndpoint:
    """Hands WebSockets to their rooms and everything else to `pages`."""

    def __init__(self, pages: AsgiApp) -> None:
        self.pages = pages
        sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await _visit(scope, receive, send)
        else:
            await self.pages(scope, receive, send)


async def _visit(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    """One connection from its handshake to its end."""
    await receive()
    headers = authentication.headers_of(scope)
    if not authentication.is_same_origin(headers):
        log.warning("room refused to a page of %s: %s", headers.get("origin", "no site"), scope["path"])
        return await send({"type": "websocket.close", "code": 1008})
    await send({"type": "websocket.accept"})
    try:
        backend, number = _destination(scope["path"])
        session = await thread_pools.reading(
            RoomSession, backend, number, authentication.session_key(headers)
        )
    except Unauthorised as refused:
        log.warning("room refused %d %s address=%s", refused.code, scope["path"], _address(scope))
        return await close(send, refused.code, refused.reason)
    return await _stay(backend, number, Client(session, receive, send), send)


def _destination(path: str) -> tuple[RoomBackend, int]:
    match = ADDRESS.match(path)
    backend = backend_for(match[1]) if match else None
    if not match or backend is None:
        raise Unauthorised(NOT_VISIBLE, "There is no such room.")
    return backend, int(match[2])


def _address(scope: Mapping[str, Any]) -> str:
    client = scope.get("client")
    return str(client[0]) if client else "-"


async def _stay(backend: RoomBackend, number: int, client: Client, send: Send) -> None:
    try:
        room = await hub.enter(backend, number, client)
    except DatabaseError:
        return await close(
            send, RESTARTING, "The room could not be opened just now. The page tries again by itself."
        )
    except Unauthorised as refused:
        return await close(send, refused.code, refused.reason)
    try:
        await client.converse(lambda message: room.hear(client, message))
    finally:
        hub.leave(room, client)
    return None
