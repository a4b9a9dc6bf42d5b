"""People take turns in a room, and a tick that takes long leaves the rest to the next one."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from followthrough.activity.queries import head
from followthrough.live import command_batch
from followthrough.live.authentication import RoomSession
from followthrough.live.fair_queue import FairQueue
from followthrough.live.protocol import Command
from followthrough.live.room_backend import backend_for
from tests import factories


def test_one_who_sent_a_hundred_holds_up_nobodys_first() -> None:
    queue: FairQueue[int] = FairQueue()
    for number in range(100):
        queue.put(1, number)
    queue.put(2, 0)
    assert queue.take(2) == [(1, 0), (2, 0)]
    assert (len(queue), queue.count(1), queue.count(2)) == (99, 99, 0)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(0, 6)), max_size=30))
def test_each_ones_order_is_kept_whatever_is_put_back(steps: list[tuple[int, int, int]]) -> None:
    queue: FairQueue[int] = FairQueue()
    put: dict[int, int] = defaultdict(int)
    came: dict[int, list[int]] = defaultdict(list)

    def take(most: int, done: int) -> None:
        taken = queue.take(most)
        queue.put_back(taken[done:])
        for person, item in taken[:done]:
            came[person].append(item)

    for person, most, done in steps:
        queue.put(person, put[person])
        put[person] += 1
        take(most, done)
    take(len(queue), len(queue))
    assert came == {person: list(range(count)) for person, count in put.items()}
    assert len(queue) == 0


@pytest.mark.django_db
def test_what_a_tick_had_no_time_for_is_left_to_the_next_one(monkeypatch: Any) -> None:
    monkeypatch.setattr(command_batch, "TICK_WORK_SECONDS", 0)
    postmortem, backend = factories.make_postmortem(), backend_for("incidents")
    assert backend
    client = Client()
    client.force_login(factories.make_person())
    session = RoomSession(backend, postmortem.pk, client.session.session_key or "")
    args = {"line": "14:11 alert fired"}
    requests = [
        command_batch.Request(Command(uuid4(), "entry.add", {"id": str(uuid4()), **args}, None), session)
        for _ in range(3)
    ]
    before = head(postmortem.topic)
    with transaction.atomic():
        done = command_batch.run_commands(backend, postmortem.pk, requests, before)
    assert [(outcome.op, outcome.seq) for outcome in done.outcomes] == [(requests[0].command.op, before + 1)]
    assert postmortem.entrys.count() == 1
