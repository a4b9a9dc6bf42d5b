"""Commands of many rooms at once: one transaction, and yet each stands for itself."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from contextlib import AbstractContextManager, AsyncExitStack
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from followthrough.activity import operations as activity
from followthrough.activity.queries import head, since
from followthrough.live import command_batch
from followthrough.live.authentication import RoomSession
from followthrough.live.protocol import Command
from followthrough.live.room_backend import backend_for
from followthrough.timeline.operations import add_entry
from tests import factories
from tests.live.server import Server
from tests.live.visitor import Json, Visitor, new_entry

ROOMS, EACH = 8, 5


@pytest.fixture
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tick leaves to the next what it has no time for, which is soon reached where other programs run."""
    monkeypatch.setattr(command_batch, "TICK_WORK_SECONDS", math.inf)


def test_rooms_that_write_at_once_each_get_their_own(server: Server) -> None:
    rooms = server.organisation["rooms"][-ROOMS:]

    async def write(one: Visitor) -> list[Json]:
        asked = [one.do("entry.add", **new_entry(f"14:1{at} line {at}")) for at in range(EACH)]
        refused = one.do("entry.add", **new_entry("   "))
        return await asyncio.gather(*asked, refused)

    async def meet() -> None:
        async with AsyncExitStack() as stack:
            sessions = server.sessions[:ROOMS]
            ones = [
                await stack.enter_async_context(Visitor(server, session, room=room))
                for session, room in zip(sessions, rooms, strict=True)
            ]
            answers = await asyncio.gather(*map(write, ones))
            for one, (*added, refused) in zip(ones, answers, strict=True):
                assert [answer["t"] for answer in added] == ["ack"] * EACH
                assert sorted(answer["seq"] for answer in added) == list(
                    range(one.seq - EACH + 1, one.seq + 1)
                )
                assert (refused["t"], refused["status"]) == ("no", 422)
                assert len(one.rows("timeline.entry")) == EACH

    asyncio.run(meet())


@pytest.mark.django_db
def test_rows_that_are_gathered_keep_their_order_and_forget_what_was_rolled_back() -> None:
    postmortem = factories.make_postmortem()
    person = factories.make_person()
    before, ops = head(postmortem.topic), [uuid4(), uuid4(), uuid4()]
    with transaction.atomic(), activity.log_batch(postmortem.topic) as gathered:
        for op in ops:
            start = gathered.seq
            with transaction.atomic(), activity.caused_by_op(op):
                add_entry(postmortem, text=str(op), happened_at=factories.BEGAN, zone="UTC", by=person)
                if op == ops[1]:
                    transaction.set_rollback(True)
            if op == ops[1]:
                gathered.go_back(start)
    rows = list(since(postmortem.topic, before))
    assert [(row.seq, row.op) for row in rows] == [(before + 1, ops[0]), (before + 2, ops[2])]
    assert head(postmortem.topic) == before + 2


@pytest.mark.django_db
@pytest.mark.usefixtures("time_enough")
def test_commands_of_a_tick_build_on_each_other_and_fail_alone() -> None:
    postmortem, backend = factories.make_postmortem(), backend_for("incidents")
    assert backend
    client = Client()
    client.force_login(factories.make_person())
    session = RoomSession(backend, postmortem.pk, client.session.session_key or "")
    first, second = str(uuid4()), str(uuid4())
    asked = [
        Command(uuid4(), "entry.add", {"id": first, "line": "14:11 alert fired"}, None),
        Command(uuid4(), "entry.change", {"id": first, "text": "page sent"}, 1),
        Command(uuid4(), "entry.add", {"id": first, "line": "14:12 added twice"}, None),
        Command(uuid4(), "entry.add", {"id": second, "line": "14:13 rolled back"}, None),
        Command(uuid4(), "entry.change", {"id": first, "text": "seen too late"}, 1),
    ]
    before = head(postmortem.topic)
    with transaction.atomic():
        requests = [command_batch.Request(command, session) for command in asked]
        done = command_batch.run_commands(backend, postmortem.pk, requests, before)
    assert [outcome.error and outcome.error.status for outcome in done.outcomes] == [
        None,
        None,
        409,
        None,
        409,
    ]
    assert [outcome.seq for outcome in done.outcomes if not outcome.error] == [
        before + at for at in (1, 2, 3)
    ]
    assert [(row.seq, row.op) for row in since(postmortem.topic, before)] == [
        (before + 1, asked[0].op),
        (before + 2, asked[1].op),
        (before + 3, asked[3].op),
    ]
    texts = {str(entry.pk): entry.text for entry in postmortem.entrys.all()}
    assert texts == {first: "page sent", second: "rolled back"}


@pytest.mark.django_db
@pytest.mark.usefixtures("time_enough")
@pytest.mark.parametrize("seen_by", [0, 1])
def test_what_a_tick_only_added_is_told_without_asking_the_database(
    seen_by: int, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    postmortem, backend = factories.make_postmortem(), backend_for("incidents")
    assert backend
    client = Client()
    client.force_login(factories.make_person())
    session = RoomSession(backend, postmortem.pk, client.session.session_key or "")
    before = head(postmortem.topic)
    keys = [str(uuid4()) for _ in range(3)]
    requests = [
        command_batch.Request(
            Command(uuid4(), "entry.add", {"id": key, "line": "14:11 alert fired"}, None), session
        )
        for key in keys
    ]
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        done = command_batch.run_commands(backend, postmortem.pk, requests, before - seen_by)
        assert done.news is None, "nothing is told before it is on disk"
    if seen_by:
        assert done.news is None, "others wrote meanwhile: that is to be read"
    else:
        assert done.news == command_batch.changes_since(backend, postmortem.pk, before)
