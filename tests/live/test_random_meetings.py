"""A machine of random people, cuts, crashes and restarts against a model of what they did."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from followthrough.activity.queries import since
from followthrough.live import endpoint, group_commit, log_listener, room, thread_pools
from followthrough.live.derived_state import DerivedState
from followthrough.live.hub import Hub
from followthrough.people.models import User
from tests import factories
from tests.live.visitor import Json, Visitor, new_entry

T = TypeVar("T")
PEOPLE = st.integers(0, 2)
WORDS = st.sampled_from(["alert fired", "pool was full", "rolled back", "told support"])
HOST = "localhost"


class Beside(Visitor):
    """A visitor whose socket is the ASGI application itself, in this process."""

    def __init__(self, session: str, number: int) -> None:
        self.session, self.room = session, number
        self.forget()
        self.answers, self.unanswered = {}, {}
        self._visit: asyncio.Task[None] | None = None

    def forget(self) -> None:
        """A new tab: nothing is known of the room."""
        self.records, self.seq, self.gaps = {}, None, 0
        self.heard, self.frames, self._pieces = [], [], []

    @property
    def is_here(self) -> bool:
        return self._visit is not None and not self._visit.done()

    async def connect(self, **_: Any) -> None:
        self._news, self.closed = asyncio.Event(), None
        self.asked = self.answered = 0
        self._to_server: asyncio.Queue[Json] = asyncio.Queue()
        self._to_server.put_nowait({"type": "websocket.connect"})
        cookie = f"{django_settings.SESSION_COOKIE_NAME}={self.session}".encode()
        scope = {
            "type": "websocket",
            "path": f"/live/incidents/{self.room}/",
            "headers": [
                (b"host", HOST.encode()),
                (b"origin", f"http://{HOST}".encode()),
                (b"cookie", cookie),
            ],
        }
        visit = endpoint._visit(scope, self._to_server.get, self._receive)
        self._visit = asyncio.create_task(visit)
        await self.hello()

    async def _receive(self, event: Json) -> None:
        if event["type"] == "websocket.send":
            await self._take(json.loads(event["text"]))
        elif event["type"] == "websocket.close":
            self.closed = event["code"], event.get("reason", "")
        self._news.set()

    async def send(self, message: Json | str) -> None:
        self._to_server.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    async def cut(self) -> None:
        """The line breaks: nothing that is under way arrives any more."""
        if self._visit:
            self._visit.cancel()
            await asyncio.gather(self._visit, return_exceptions=True)
        self._visit = None

    async def say(self, name: str, base: int | None, **args: Any) -> str:
        op = str(uuid4())
        self.unanswered[op] = name, base, args
        await self.repeat(op)
        return op

    async def repeat(self, op: str) -> None:
        name, base, args = self.unanswered[op]
        if self.is_here:
            await self.ask(name, op=op, base=base, **args)

    async def finish(self) -> None:
        """Comes back and sends everything again until each is answered for good."""
        if not self.is_here:
            await self.connect()
        for op in list(self.unanswered):
            while self.answers.get(op, {"status": 503}).get("status") == 503:
                self.answers.pop(op, None)
                await self.repeat(op)
                await self.until(lambda op=op: op in self.answers)


class Meeting(RuleBasedStateMachine):
    """Three people in one room. The model is what the log says was done, in its order."""

    fails = 0

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        postmortem = factories.make_postmortem()
        self.topic, number = postmortem.topic, postmortem.pk
        self.people = [Beside(_session(factories.make_person()), number) for _ in range(3)]
        self.entries: list[str] = []
        self._start_anew()

    def teardown(self) -> None:
        Meeting.fails = 0
        try:
            self._run(self._finish_all())
            rows = [(row.seq, str(row.op)) for row in since(self.topic, 0)]
            self._run(self._agree(rows))
        finally:
            self._run(self._leave_all())
            self.loop.close()

    @rule(who=PEOPLE, words=WORDS, wait=st.booleans())
    def add(self, who: int, words: str, wait: bool) -> None:
        entry = new_entry(f"14:11 {words}")
        self.entries.append(entry["id"])
        self._do(who, "entry.add", wait=wait, **entry)

    @precondition(lambda self: self.entries)
    @rule(who=PEOPLE, at=st.integers(0, 99), words=WORDS, stale=st.booleans(), wait=st.booleans())
    def change(self, who: int, at: int, words: str, stale: bool, wait: bool) -> None:
        key = self.entries[at % len(self.entries)]
        known = self.people[who].records.get("timeline.entry", {}).get(key)
        self._do(
            who,
            "entry.change",
            wait=wait,
            base=known["version"] if known and stale else None,
            id=key,
            text=words,
        )

    @precondition(lambda self: self.entries)
    @rule(who=PEOPLE, at=st.integers(0, 99), verb=st.sampled_from(["remove", "restore"]), wait=st.booleans())
    def remove_or_restore(self, who: int, at: int, verb: str, wait: bool) -> None:
        self._do(who, f"entry.{verb}", wait=wait, id=self.entries[at % len(self.entries)])

    @rule(who=PEOPLE, at=st.integers(0, 99))
    def send_again(self, who: int, at: int) -> None:
        person = self.people[who]
        if person.unanswered:
            self._run(person.repeat(list(person.unanswered)[at % len(person.unanswered)]))

    @rule(who=PEOPLE)
    def cut(self, who: int) -> None:
        self._run(self.people[who].cut())

    @rule(who=PEOPLE, new_tab=st.booleans())
    def come_back(self, who: int, new_tab: bool) -> None:
        person = self.people[who]
        if not person.is_here:
            if new_tab:
                person.forget()
            self._run(person.connect())

    @rule()
    def restart(self) -> None:
        """The process dies with all that it had in memory."""
        self._run(self._leave_all())
        self._start_anew()

    @rule()
    def the_next_commit_fails(self) -> None:
        Meeting.fails = 1

    def _do(self, who: int, name: str, *, wait: bool, base: int | None = None, **args: Any) -> None:
        async def ask() -> None:
            op = await self.people[who].say(name, base, **args)
            if wait and self.people[who].is_here:
                await self.people[who].until(lambda: op in self.people[who].answers)

        self._run(ask())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def _start_anew(self) -> None:
        endpoint.hub = log_listener.hub = Hub()
        group_commit._waiting.clear()
        group_commit._tasks.clear()

    async def _leave_all(self) -> None:
        for person in self.people:
            await person.cut()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _finish_all(self) -> None:
        """Everyone comes back and has everything answered."""
        for person in self.people:
            await person.finish()

    async def _agree(self, rows: list[tuple[int, str]]) -> None:
        """Everyone sees exactly what the model says."""
        assert [seq for seq, _ in rows] == list(range(1, len(rows) + 1))
        model = self._model([op for _, op in rows if op != "None"])
        for person in self.people:
            await person.until(lambda person=person: person.seq == len(rows))
            seen = person.rows("timeline.entry")
            assert {key: row["text"] for key, row in seen.items()} == model
        newcomer = Beside(self.people[0].session, self.people[0].room)
        await newcomer.connect()
        assert len({person.state_hash() for person in [*self.people, newcomer]}) == 1
        await newcomer.cut()

    def _model(self, logged: list[str]) -> dict[str, str]:
        """What stands once the commands in the log were done in its order: {entry: text}."""
        said = {op: what for person in self.people for op, what in person.unanswered.items()}
        answers = {op: answer["t"] for person in self.people for op, answer in person.answers.items()}
        assert len(logged) == len(set(logged))
        assert all(answers[op] == "ack" for op in logged)
        texts: dict[str, str] = {}
        removed: set[str] = set()
        for op in logged:
            name, _, args = said[op]
            if name == "entry.add":
                texts[args["id"]] = args["line"].removeprefix("14:11 ")
            elif name == "entry.change":
                texts[args["id"]] = args["text"]
            elif name == "entry.remove":
                removed.add(args["id"])
            else:
                removed.discard(args["id"])
        added = {
            args["id"] for op, (name, _, args) in said.items() if name == "entry.add" and answers[op] == "ack"
        }
        assert added == set(texts)
        return {key: text for key, text in texts.items() if key not in removed}


def _session(person: User) -> str:
    client = Client()
    client.force_login(person, backend=django_settings.AUTHENTICATION_BACKENDS[0])
    return str(client.cookies[django_settings.SESSION_COOKIE_NAME].value)


async def _at_once(work: Any, *args: Any, **kwargs: Any) -> Any:
    """In place of a thread: outside the event loop as there, but in the test's own transaction."""
    await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return work(*args, **kwargs)
    finally:
        asyncio._set_running_loop(loop)


def _or_fail(together: Any) -> Any:
    def attempt(works: Any) -> Any:
        if Meeting.fails:
            Meeting.fails -= 1
            raise OperationalError("disk I/O error")
        return together(works)

    return attempt


@pytest.mark.django_db
def test_random_people_cuts_crashes_and_restarts_against_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thread_pools, "reading", _at_once)
    monkeypatch.setattr(thread_pools, "writing", _at_once)
    monkeypatch.setattr(group_commit, "_together", _or_fail(group_commit._together))
    monkeypatch.setattr(room, "TICK_SECONDS", 0)
    monkeypatch.setattr(DerivedState, "soon", lambda *_: None)
    for module in (endpoint, log_listener):
        monkeypatch.setattr(module, "hub", module.hub)
    run_state_machine_as_test(
        Meeting,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            derandomize=True,
            phases=[Phase.generate],
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
