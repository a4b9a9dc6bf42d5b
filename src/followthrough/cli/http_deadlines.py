"""HTTP connections with deadlines: for headers, for a client that reads nothing, for the rest of a refused body."""

from __future__ import annotations

from asyncio import TimerHandle
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_SECONDS = 20
"""From the first byte of a request, or from connecting, to the end of its headers."""
STALL_SECONDS = 60
"""So long a client may take for the next 64 KB of an answer."""
LINGER_SECONDS = 30
"""So long the rest of a body that was refused is read and thrown away, so that the client sees the answer."""


class Deadlines(HttpToolsProtocol):
    """uvicorn's protocol, which has none of these."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._timers: dict[str, TimerHandle] = {}
        self._is_reading = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._arm("headers", HEADER_SECONDS, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        for name in list(self._timers):
            self._disarm(name)
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_reading = True
        self._arm("headers", HEADER_SECONDS, self.transport.close)

    def on_headers_complete(self) -> None:
        self._disarm("headers")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_reading = False
        self._disarm("linger")
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._is_reading:
            self._arm("linger", LINGER_SECONDS, self.transport.close)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._arm("stall", STALL_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._disarm("stall")
        super().resume_writing()

    def _arm(self, name: str, seconds: float, end: Callable[[], None]) -> None:
        self._disarm(name)
        self._timers[name] = self.loop.call_later(seconds, end)

    def _disarm(self, name: str) -> None:
        if timer := self._timers.pop(name, None):
            timer.cancel()
