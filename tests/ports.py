"""Ports for servers that tests start: kept from everybody else from the choice to the end of the test."""

from __future__ import annotations

import socket


class ReservedPort:
    """A port that the system gives to nobody else while this lives, and that a server may listen on again and again.

    A port that is only looked up and let go is taken now and then by another process before the server is there. One that is
    bound but not listened on is skipped when the system chooses, while SO_REUSEADDR, which servers set, lets them have it.
    """

    def __init__(self) -> None:
        self._held = socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._held.bind(("127.0.0.1", 0))
        self.number: int = self._held.getsockname()[1]

    def close(self) -> None:
        self._held.close()

    def __enter__(self) -> int:
        return self.number

    def __exit__(self, *_: object) -> None:
        self.close()
