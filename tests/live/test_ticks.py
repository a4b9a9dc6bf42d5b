"""Commands of many rooms at once: one transaction, and yet each stands for itself."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest
from django.db import transaction

from followthrough.activity import operations as activity
from followthrough.activity.queries import head, since
from followthrough.timeline.operations import add_entry
from tests import factories
from tests.live.server import Server
from tests.live.visitor import Json, Visitor, new_entry

ROOMS, EACH = 8, 5


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
    with transaction.atomic(), activity.gathering(postmortem.topic) as gathered:
        for op in ops:
            start = gathered.seq
            with transaction.atomic(), activity.under(op):
                add_entry(postmortem, text=str(op), happened_at=factories.BEGAN, zone="UTC", by=person)
                if op == ops[1]:
                    transaction.set_rollback(True)
            if op == ops[1]:
                gathered.go_back(start)
    rows = list(since(postmortem.topic, before))
    assert [(row.seq, row.op) for row in rows] == [(before + 1, ops[0]), (before + 2, ops[2])]
    assert head(postmortem.topic) == before + 2
