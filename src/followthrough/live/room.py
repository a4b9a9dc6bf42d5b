"""One room while anybody is in it: gathers commands into ticks and tells everyone what changed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from functools import partial
from typing import Any

from django.db import Error as DatabaseError

from followthrough.activity.queries import head
from followthrough.live import command_batch, group_commit, protocol, thread_pools
from followthrough.live.automation import Automation
from followthrough.live.client import Client
from followthrough.live.command_batch import Request, RoomChanges
from followthrough.live.derived_state import DerivedState
from followthrough.live.fair_queue import FairQueue
from followthrough.live.limits import TICK_COMMANDS, WAITING_COMMANDS, WAITING_OF_A_PERSON
from followthrough.live.presence import Presence
from followthrough.live.protocol import Command, Hello, Message, Open, Ping, PresenceMessage
from followthrough.live.room_backend import RoomBackend
from followthrough.live.welcome import Welcomes

log = logging.getLogger(__name__)
TICK_SECONDS = 0.012
"""Seconds from one tick to the next: commands that come meanwhile are carried out together."""

BUSY = command_batch.Unavailable(
    "The room is very busy. Your text is kept on this page and is sent again by itself."
)


class Room:
    """Everything that is derived from the log can be lost here at any time: clients say hello again."""

    def __init__(self, backend: RoomBackend, number: int) -> None:
        self.backend = backend
        self.number = number
        self.topic = backend.topic(number)
        self.clients: set[Client] = set()
        self.presence = Presence(self.clients, self.topic, self._is_gone)
        self.derived_state = DerivedState(backend, number, self.clients, self.presence.ids)
        self.automation = Automation(backend, number, self.presence.ids)
        self._welcomes = Welcomes(self)
        self.seq = 0
        self._known_head = 0
        self._waiting: FairQueue[tuple[Client, Request]] = FairQueue()
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._opened = asyncio.create_task(self._open())
        self._ended = False
        self._start(self._live())

    async def enter(self, client: Client) -> None:
        """Lets a client in; what it gets first is decided by its hello."""
        await asyncio.shield(self._opened)
        client.hold()
        self.clients.add(client)
        self.presence.changed()
        self.automation.soon()

    def leave(self, client: Client) -> None:
        self.clients.discard(client)
        if client.greeting:
            client.greeting.cancel()
        self.presence.changed()
        self.automation.left(client.person.pk)
        self.derived_state.soon(self.seq)

    def _is_gone(self, person: int) -> None:
        self.automation.left(person)

    def end(self) -> None:
        """Finishes what waits, then stops."""
        self._ended = True
        self._wake.set()

    def hint(self, seq: int) -> None:
        """The log may hold rows up to `seq`; telling it too often or too late does no harm."""
        self._known_head = max(self._known_head, seq)
        if seq > self.seq:
            self._wake.set()

    def hear(self, client: Client, message: Message) -> None:
        """Takes one message of a client."""
        match message:
            case Command():
                self._take(client, message)
            case Hello():
                self._welcomes.hear(client, message)
            case PresenceMessage():
                self.presence.said(client, message)
            case Open(what):
                self._open_soon(client, what)
            case Ping(at):
                client.put(protocol.dump({"t": "pong", "at": at, "now": protocol.now_ms()}))

    def check_sessions(self) -> None:
        """Asks again for every answer that grew old."""
        if any(client.session.is_stale for client in self.clients):
            self._start(self._reauthorise_sessions())

    def _take(self, client: Client, command: Command) -> None:
        waiting = self._waiting
        if len(waiting) >= WAITING_COMMANDS or waiting.count(client.person.pk) >= WAITING_OF_A_PERSON:
            client.put(protocol.dump(protocol.refusal(command.op, BUSY)))
            return
        waiting.put(client.person.pk, (client, Request(command, client.session)))
        self._wake.set()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self) -> None:
        self.seq = self._known_head = await thread_pools.reading(head, self.topic)

    async def _live(self) -> None:
        await self._opened
        next_tick = 0.0
        while not self._ended or self._waiting:
            await self._wake.wait()
            self._wake.clear()
            await asyncio.sleep(max(0, next_tick - time.monotonic()))
            next_tick = time.monotonic() + TICK_SECONDS
            try:
                await self._tick()
            except Exception:
                log.exception("A tick of room %s failed; the room goes on", self.number)
                await asyncio.sleep(1)
                self._wake.set()
        self.derived_state.end()
        self.presence.end()

    async def _tick(self) -> None:
        gathered = self._waiting.take(TICK_COMMANDS)
        news = await self._carry_out(gathered) if gathered else None
        if self._known_head > self.seq:
            if news is None:
                news = await thread_pools.reading(
                    command_batch.changes_since, self.backend, self.number, self.seq
                )
            await self._tell(news)
        if self._waiting:
            self._wake.set()

    async def _carry_out(self, gathered: list[tuple[int, tuple[Client, Request]]]) -> RoomChanges | None:
        """Commits the commands and answers each; what there is to tell of them, unless it is to be read.

        Those that a tick had no time for wait for the next one.
        """
        requests = [request for _, (_, request) in gathered]
        try:
            here = self.presence.ids()
            work = partial(command_batch.run_commands, self.backend, self.number, requests, self.seq, here)
            done = await group_commit.run_in_group_commit(self.topic, work)
        except DatabaseError:
            log.exception("A tick of room %s could not be committed", self.number)
            done = command_batch.refuse(requests)
        carried_out = len(done.outcomes)
        self._waiting.put_back(gathered[carried_out:])
        for (_, (client, _)), outcome in zip(gathered[:carried_out], done.outcomes, strict=True):
            client.put(protocol.dump(outcome.message()))
        self.hint(max(outcome.seq for outcome in done.outcomes))
        return done.news

    async def _tell(self, news: RoomChanges) -> None:
        """One frame to everyone; those who lost access with this very change do not get it."""
        if news.seq <= self.seq:
            return
        if news.touches_access:
            await self._ask_everyone_again()
        self.seq = news.seq
        if news.too_much:
            for client in self.clients:
                self.hear(client, Hello(None))
        else:
            self._send_frame(news)
        self.automation.heard(news.said)
        self.derived_state.soon(self.seq)

    def _send_frame(self, news: RoomChanges) -> None:
        """What concerns records of one person alone is said to nobody else."""
        frame = {"t": "frame", "after": news.after, "seq": news.seq}
        private = news.records.private
        secret = {(kind, row["id"]) for own in private.values() for kind, rows in own.items() for row in rows}
        said = [row for row in news.said if (row["kind"], row["id"]) not in secret]
        shared = protocol.dump(frame | {"records": news.records.shared, "said": said})
        for client in self.clients:
            person = client.person.pk
            if person in private:
                own = frame | {"records": news.records.content_for(person), "said": news.said}
                client.put(protocol.dump(own))
            else:
                client.put(shared)

    def _open_soon(self, client: Client, what: dict[str, Any]) -> None:
        """One text after the other for each client, as each takes the thread that all rooms write in; of wishes for the
        same text that wait, the last one counts."""
        client.to_open[what.get("of", "")] = what
        if client.opening is None or client.opening.done():
            client.opening = asyncio.create_task(self._open_texts(client))

    async def _open_texts(self, client: Client) -> None:
        while client.to_open and client in self.clients:
            await self._open_text(client, client.to_open.pop(next(iter(client.to_open))))

    async def _open_text(self, client: Client, what: dict[str, Any]) -> None:
        """Gives a client what it lacks of a text, or the reason why not."""
        told = await thread_pools.writing(
            command_batch.open_text, self.backend, self.number, client.session, what
        )
        client.put(protocol.dump({"t": "prose", "of": what.get("of"), **told}))

    async def _ask_everyone_again(self) -> None:
        for client in self.clients:
            client.session.invalidate()
        await self._reauthorise_sessions()

    async def _reauthorise_sessions(self) -> None:
        stale = {client.session: client for client in self.clients if client.session.is_stale}
        lost = await thread_pools.reading(command_batch.reauthorise, list(stale))
        for session, refused in lost.items():
            client = stale[session]
            self.leave(client)
            client.cut(refused.code, refused.reason)
