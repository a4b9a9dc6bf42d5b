"""Rounds of commands through the real rooms: sockets, ticks, log and drawings, in process."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from fuzz import organisation
from fuzz.commands import Commander, Frame
from fuzz.pages import Visitors
from fuzz.report import Failure, Found, failure
from fuzz.requests import Request

PATIENCE_SECONDS = 60
AT_ONCE = 40
"""Commands sent before their answers are waited for."""

SPARE = "spare"
"""The socket for what may be answered by closing it."""
_loop = asyncio.new_event_loop()
"""One for all rounds of a process, as a server has."""


def run(template: Path, *, seed: int, number: int, count: int) -> Found:
    """`count` commands of round `number` in one room, from a fresh organisation on; the same for the same seed."""
    organisation.give_back(template)
    faults = _Faults()
    logging.getLogger().addHandler(faults)
    try:
        round_ = _Round(Random(f"{seed} room {number}"), number)
        found = _loop.run_until_complete(round_.play(count))
        _look(round_.room, found, f"ROUND={number}, after all commands")
    finally:
        logging.getLogger().removeHandler(faults)
    for record in faults.records:
        error = record.exc_info[1] if record.exc_info else None
        found.failures.append(
            failure(error, f"ROUND={number}", f"in the log: {record.getMessage()}", record.msg)
        )
    return found


class _Faults(logging.Handler):
    """What the product itself says went wrong; a failed command is answered for by its own op."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class Socket:
    """One page's WebSocket, without a network: what uvicorn would pass on, and refuse to send."""

    def __init__(self, path: str, session: str, headers: dict[str, str] | None = None) -> None:
        said = {
            "host": "testserver",
            "origin": "http://testserver",
            "cookie": f"followthrough_session={session}",
        }
        said |= headers or {}
        pairs = [(name.encode(), value.encode("latin-1", "replace")) for name, value in said.items()]
        self.scope = {"type": "websocket", "path": path, "headers": pairs, "query_string": b""}
        self.closed: int | None = None
        self.heard: deque[str] = deque(maxlen=20_000)
        self._news = asyncio.Event()
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._in.put_nowait({"type": "websocket.connect"})
        self.task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        from followthrough.config.asgi import application

        self.task = asyncio.create_task(application(self.scope, self._in.get, self._send))

    async def _send(self, event: dict[str, Any]) -> None:
        if event["type"] == "websocket.send":
            event["text"].encode()  # as on the wire
            self.heard.append(event["text"])
        elif event["type"] == "websocket.close":
            self.closed = event.get("code", 1000)
        self._news.set()

    @property
    def is_over(self) -> bool:
        return self.closed is not None or (self.task is not None and self.task.done())

    def say(self, text: str) -> None:
        self._in.put_nowait({"type": "websocket.receive", "text": text})

    async def news(self) -> None:
        """Waits for the next message, or the end."""
        self._news.clear()
        waiting = asyncio.ensure_future(self._news.wait())
        await asyncio.wait(
            [waiting, self.task or waiting], timeout=PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        waiting.cancel()

    async def leave(self) -> BaseException | None:
        """Goes; the error by which the server ended it, if there was one."""
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1000})
        if self.task is None:
            return None
        await asyncio.wait([self.task], timeout=PATIENCE_SECONDS)
        return self.task.exception() if self.task.done() else TimeoutError("the socket does not end")


class Asked(NamedTuple):
    """A command that is waiting for its answer."""

    where: str
    frame: Frame
    socket: Socket


class _Round:
    def __init__(self, rng: Random, number: int) -> None:
        self.rng, self.number, self.room, self.found = rng, number, 0, Found()
        self.sockets: dict[str, Socket] = {}
        self.sessions: dict[str, str] = {}

    async def play(self, count: int) -> Found:
        from followthrough.live import client

        client.BURST_MESSAGES, client.MESSAGES_PER_SECOND = (
            10**9,
            10**9,
        )  # what is sent too fast is not the question here
        self.sessions, self.room = await asyncio.to_thread(_sign_in, self.rng)
        self.commander = await asyncio.to_thread(Commander, self.room)
        sent = 0
        while sent < count:
            sent += await self._some(sent, min(AT_ONCE, count - sent))
        for who in list(self.sockets):
            await self._close(who)
        await self._knock()
        return self.found

    async def _some(self, before: int, count: int) -> int:
        """Sends some frames, then waits for what becomes of them."""
        waiting: dict[str, Asked] = {}
        for index in range(before, before + count):
            frame, who = self.commander.one(self.rng), self.rng.choice(("administrator", "member"))
            socket = await self._socket(who if frame.op else SPARE)
            socket.say(frame.text)
            if frame.op:
                waiting[frame.op] = Asked(f"ROUND={self.number} command {index}", frame, socket)
            else:
                await self._settled(socket)
                self.found.answers["said"] += 1
        await self._answered(waiting)
        return count

    async def _socket(self, who: str) -> Socket:
        """The open socket of `who`; opened anew after it was closed."""
        socket = self.sockets.get(who)
        if socket is None or socket.is_over:
            if socket is not None:
                await self._close(who)
            socket = self.sockets[who] = Socket(
                f"/live/incidents/{self.room}/", self.sessions.get(who, self.sessions["member"])
            )
            await socket.open()
            socket.say('{"t":"hello","v":1,"seq":null}')
        return socket

    async def _settled(self, socket: Socket) -> None:
        """A message that gets no answer has been read once a ping behind it is answered, or the socket is closed."""
        mark = self.rng.getrandbits(40)
        socket.say(f'{{"t":"ping","at":{mark}}}')
        while not socket.is_over:
            if any(f'"at":{mark}' in text for text in socket.heard):
                return
            await socket.news()

    async def _answered(self, waiting: dict[str, Asked]) -> None:
        """Notes every answer. No answer is a failure, unless the socket was closed meanwhile."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while waiting and time.monotonic() < deadline:
            await asyncio.sleep(0.003)
            over = [op for op, asked in waiting.items() if asked.socket.is_over]
            for socket in {asked.socket for asked in waiting.values()}:
                while socket.heard:
                    self._note(json.loads(socket.heard.popleft()), waiting)
            for op in over:
                self.found.answers["closed"] += waiting.pop(op, None) is not None
        for asked in waiting.values():
            self.found.failures.append(Failure("no answer", asked.where, str(asked.frame)))

    def _note(self, told: dict[str, Any], waiting: dict[str, Asked]) -> None:
        from followthrough.live.command_batch import _BROKEN

        asked = waiting.pop(told["op"], None) if told["t"] in {"ack", "no"} else None
        if asked is None:
            return
        self.found.answers[str(told.get("status", "ack"))] += 1
        if told.get("message") == _BROKEN.message:
            self.found.failures.append(Failure("internal", asked.where, str(asked.frame)))

    async def _close(self, who: str) -> None:
        socket = self.sockets.pop(who)
        if error := await socket.leave():
            self.found.failures.append(failure(error, f"ROUND={self.number}", f"the socket of {who}"))

    async def _knock(self) -> None:
        """Handshakes that are no page's."""
        for headers, path in self.commander.handshakes(self.rng, self.sessions["member"]):
            socket = Socket(path, self.sessions["member"], headers)
            await socket.open()
            socket.say('{"t":"hello","v":1}')
            if error := await socket.leave():
                self.found.failures.append(
                    failure(error, f"ROUND={self.number}", f"handshake {path} {headers}")
                )


def _look(room: int, found: Found, where: str) -> None:
    """Everything that shows what was written, once more."""
    visitors = Visitors(organisation.people())
    of_room = ("", "room/", "history/", "summary/", "summary.pdf", "summary.html", "summary.md", "summary.json", "postmortem/", "room/course/", "brief/")  # fmt: skip
    pages = [f"/incidents/INC-{room}/{page}" for page in of_room]
    pages += ["/", "/actions/", "/actions/?view=board", "/incidents/", "/meetings/", "/insights/", "/inbox/", "/actions/actions.csv"]  # fmt: skip
    for page in pages:
        visitors.send(Request("administrator", "GET", page), where, found)


def _sign_in(rng: Random) -> tuple[dict[str, str], int]:
    """A session key for each, and the number of a room that is open."""
    from django.conf import settings
    from django.test import Client

    from followthrough.postmortems.models import PostMortem

    sessions = {}
    for role, person in organisation.people().items():
        client = Client()
        client.force_login(person)
        sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
    rooms = PostMortem.objects.filter(state__in=["scheduled", "meeting", "to_schedule"])
    return sessions, rng.choice(sorted(rooms.values_list("pk", flat=True)))
