"""A client of the live protocol, written from docs/live-protocol.md alone."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.live.server import Server

Json = dict[str, Any]
PATIENCE = 60
"""Seconds after which what did not come never will. It measures nothing: all that is waited for follows within two seconds
(`live.hub.POLL_SECONDS`) on a machine with nothing else to do; without the news it would take nine minutes
(`live.authentication.REMEMBERED_SECONDS`)."""


class Visitor:
    """Keeps the room's records as the protocol says: frames in order, hello again after a gap."""

    def __init__(self, server: Server, session: str, room: int | None = None) -> None:
        self.server, self.session = server, session
        self.room = server.organisation["room"] if room is None else room
        self.records: dict[str, dict[str, Json]] = {}
        self.seq: int | None = None
        self.answers: dict[str, Json] = {}
        self.heard: list[Json] = []
        self.frames: list[Json] = []
        self.gaps = 0
        self._pieces: list[Json] = []
        self.closed: tuple[int, str] | None = None
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._may_read = asyncio.Event()
        self._may_read.set()

    async def __aenter__(self) -> Visitor:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def connect(self, *, hello: bool = True, origin: str | None = None) -> None:
        address = f"ws://127.0.0.1:{self.server.port}/live/incidents/{self.room}/"
        self.closed = None
        self._pieces = []
        self.asked = self.answered = 0
        self._socket = await connect(
            address,
            origin=origin or f"http://127.0.0.1:{self.server.port}",  # type: ignore[arg-type]
            additional_headers={"Cookie": f"followthrough_session={self.session}"},
            compression=None,
            max_size=None,
            max_queue=2,
            open_timeout=PATIENCE,
            ping_interval=None,
            sock=self._narrow_socket(),
        )
        self._reading = asyncio.create_task(self._read())
        if hello:
            await self.hello()

    def _narrow_socket(self) -> socket.socket:
        """Holds little, so that who stops reading is soon behind."""
        narrow = socket.create_connection(("127.0.0.1", self.server.port))
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        narrow.setblocking(False)
        return narrow

    async def hello(self) -> Json:
        before = len([one for one in self.heard if one["t"] == "welcome"])
        await self.send({"t": "hello", "v": 1, "seq": self.seq, "pieces": True})
        await self.until(lambda: len([one for one in self.heard if one["t"] == "welcome"]) > before)
        return self.last("welcome")

    async def leave(self) -> None:
        if self._socket:
            await self._socket.close()
        if self._reading:
            self._reading.cancel()

    def pause(self) -> None:
        """Stops reading from the socket."""
        self._may_read.clear()

    def resume(self) -> None:
        self._may_read.set()

    async def send(self, message: Json | str) -> None:
        assert self._socket
        await self._socket.send(
            message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
        )

    async def do(self, name: str, *, op: str = "", base: int | None = None, **args: Any) -> Json:
        """Asks for a command and waits for what becomes of it; an ack also until it is seen."""
        op = op or str(uuid4())
        self.answers.pop(op, None)
        await self.ask(name, op=op, base=base, **args)
        await self.until(lambda: op in self.answers or self.closed is not None)
        answer = self.answers.get(op, {"t": "closed"})
        if answer["t"] == "ack":
            await self.until(lambda: (self.seq or 0) >= answer["seq"] or self.closed is not None)
        return answer

    async def ask(self, name: str, *, op: str, base: int | None = None, **args: Any) -> None:
        self.asked += 1
        await self.send({"t": "do", "op": op, "do": name, "args": args, "base": base})

    async def has_all_answers(self) -> None:
        """Waits for what becomes of each command sent since it came in, repetitions too."""
        await self.until(lambda: self.answered >= self.asked)

    async def until(self, condition: Callable[[], Any], patience: float = PATIENCE) -> None:
        """Waits for `condition`, looking again after each message."""
        deadline = time.monotonic() + patience
        while not condition():
            self._news.clear()
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"Not within {patience} s; closed: {self.closed}")
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except TimeoutError:
                continue

    def last(self, kind: str) -> Json:
        return next(one for one in reversed(self.heard) if one["t"] == kind)

    @property
    def you(self) -> Json:
        """Who this is, as the room said."""
        found: Json = self.last("welcome")["you"]
        return found

    def here(self) -> list[Json]:
        """Who is in the room, as last told."""
        told = next(one for one in reversed(self.heard) if one["t"] in {"here", "welcome"})
        people: list[Json] = told["people"] if told["t"] == "here" else told["here"]
        return people

    def rows(self, kind: str) -> dict[str, Json]:
        """The records of a kind that are not removed."""
        return {key: row for key, row in self.records.get(kind, {}).items() if not row["removed"]}

    def state_hash(self) -> str:
        """Of every record that this visitor has, however it came by them."""
        kinds = {kind: rows for kind in sorted(self.records) if (rows := self.rows(kind))}
        return sha256(json.dumps(kinds, sort_keys=True).encode()).hexdigest()

    async def _read(self) -> None:
        assert self._socket
        try:
            async for text in self._socket:
                await self._may_read.wait()
                await self._take(json.loads(text))
                self._news.set()
        except ConnectionClosed:
            pass
        self.closed = self._socket.close_code or 1006, self._socket.close_reason or ""
        self._news.set()

    async def _take(self, message: Json) -> None:
        self.heard.append(message)
        if message["t"] in {"ack", "no"}:
            self.answers[message["op"]] = message
            self.answered += 1
        elif message["t"] == "piece":
            self._pieces.append(message)
        elif message["t"] == "welcome":
            if message["full"]:
                self.records = {}
            for part in (*self._pieces, message):
                self._lay_over(part)
            self._pieces, self.seq = [], message["seq"]
        elif message["t"] == "frame" and self.seq is not None and message["seq"] > self.seq:
            self.frames.append(message)
            if message["after"] <= self.seq:
                self._merge(message)
            else:
                self.gaps += 1
                await self.send({"t": "hello", "v": 1, "seq": self.seq, "pieces": True})

    def _merge(self, message: Json) -> None:
        self._lay_over(message)
        self.seq = message["seq"]

    def _lay_over(self, message: Json) -> None:
        for kind, rows in message["records"].items():
            self.records.setdefault(kind, {}).update({str(row["id"]): row for row in rows})


def new_entry(line: str = "14:11 alert fired") -> Json:
    """The arguments of an entry.add."""
    return {"id": str(uuid4()), "line": line, "previous": None, "anonymous": False, "key": ""}
