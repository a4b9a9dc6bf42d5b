"""What the facilitator leads by: answers that wait, votes, the agenda, handing over, the closing round."""

from __future__ import annotations

import asyncio
import sqlite3
from itertools import count
from uuid import uuid4

import pytest

from tests.live.server import Server
from tests.live.visitor import Json, Visitor

_rooms = count(30)


@pytest.fixture
def room(server: Server) -> int:
    rooms: list[int] = server.organisation["rooms"]
    return rooms[next(_rooms)]


def facilitator_of(server: Server, room: int) -> Visitor:
    return Visitor(server, server.organisation["facilitator"], room)


async def did(visitor: Visitor, command: str, **args: object) -> Json:
    answer = await visitor.do(command, **args)
    assert answer["t"] == "ack", answer
    return answer


async def seen_by(visitor: Visitor, seq: int) -> None:
    await visitor.until(lambda: (visitor.seq or 0) >= seq)


def test_answers_wait_until_the_facilitator_shows_them_or_all_have_written(server: Server, room: int) -> None:
    async def meet() -> None:
        one, other = (Visitor(server, session, room) for session in server.sessions[:2])
        async with facilitator_of(server, room) as lead, one, other:
            await did(lead, "meeting.start")
            question = lead.last("welcome")["questions"][0]["id"]
            assert (await one.do("meeting.hide_answers", hidden=True))["status"] == 403
            await did(lead, "meeting.hide_answers", hidden=True)
            given = await did(
                one, "answer.give", id=str(uuid4()), question=question, text="The pool was small"
            )
            await seen_by(other, given["seq"])
            assert "The pool was small" not in str(other.heard)
            assert "The pool was small" not in str(lead.heard)
            assert [row["text"] for row in one.rows("meetings.answer").values()] == ["The pool was small"]
            assert [row["author"]["id"] for row in other.rows("meetings.answer").values()] == [one.you["id"]]
            await other.leave()
            await other.connect()
            assert "The pool was small" not in str(other.heard)
            shown = await did(lead, "meeting.hide_answers", hidden=False)
            await seen_by(other, shown["seq"])
            assert [row["text"] for row in other.rows("meetings.answer").values()] == ["The pool was small"]
            hidden = await did(lead, "meeting.hide_answers", hidden=True)
            await seen_by(other, hidden["seq"])
            for each in (one, other, lead):
                assert not _shown(other)
                await did(each, "answer.give", id=str(uuid4()), question=question + 1, text="Nobody looked")
            await other.until(lambda: _shown(other))
            (shown,) = (row for row in other.frames[-1]["said"] if row["kind"] == "meetings.meeting")
            assert shown["by"] is None

    asyncio.run(meet())


def _shown(visitor: Visitor) -> bool:
    """Whether the others' answers are there to read."""
    (meeting,) = visitor.rows("meetings.meeting").values()
    answers = visitor.rows("meetings.answer").values()
    return not meeting["answers_hidden"] and all(answer["text"] for answer in answers)


def test_three_votes_each_and_once_for_each_thing(server: Server, room: int) -> None:
    async def meet() -> None:
        async with Visitor(server, server.sessions[0], room) as one:
            votes = [str(uuid4()) for _ in range(3)]
            for vote in votes:
                await did(one, "vote.cast", id=vote, about=str(uuid4()))
            assert (await one.do("vote.cast", id=str(uuid4()), about=str(uuid4())))["status"] == 422
            await did(one, "vote.take_back", id=votes[0])
            about = str(uuid4())
            await did(one, "vote.cast", id=str(uuid4()), about=about)
            assert (await one.do("vote.cast", id=str(uuid4()), about=about))["status"] == 409
            assert len(one.rows("meetings.vote")) == 3

    asyncio.run(meet())


def test_the_agenda_and_the_lead_change_hands(server: Server, room: int) -> None:
    async def meet() -> None:
        async with facilitator_of(server, room) as lead, Visitor(server, server.sessions[3], room) as one:
            await did(lead, "meeting.start")
            short = [{"key": "welcome", "minutes": 2}, {"key": "close", "minutes": 8}]
            assert (await one.do("meeting.agenda", steps=short))["status"] == 403
            await did(lead, "meeting.agenda", steps=short)
            (meeting,) = lead.rows("meetings.meeting").values()
            assert [(step["key"], step["minutes"]) for step in meeting["steps"]] == [
                ("welcome", 2),
                ("close", 8),
            ]
            assert (await lead.do("meeting.agenda", steps=short[:1]))["status"] == 422
            await did(lead, "meeting.appoint", role="co_facilitator", person=one.you["id"])
            await did(one, "meeting.go", step="close")
            await did(lead, "meeting.appoint", role="co_facilitator", person=None)
            assert (await one.do("meeting.go", step="welcome"))["status"] == 403
            await did(lead, "meeting.hand_over", person=one.you["id"])
            await did(one, "meeting.go", step="welcome")
            assert (await lead.do("meeting.go", step="close"))["status"] == 403

    asyncio.run(meet())


def test_the_closing_round_is_counted_and_tied_to_nobody(server: Server, room: int) -> None:
    async def meet() -> None:
        visitors = [Visitor(server, session, room) for session in server.sessions[:3]]
        async with facilitator_of(server, room) as lead, visitors[0], visitors[1], visitors[2]:
            await did(lead, "meeting.start")
            for at, visitor in enumerate(visitors):
                values = {"learned": 5 - at, "worth": 4, "safe": 5}
                assert (await visitor.do("round.answer", **values | {"safe": 9}))["status"] == 422
                await did(visitor, "round.answer", **values)
                assert (await visitor.do("round.answer", **values))["status"] == 409
            await did(lead, "round.answer", learned=1, worth=4, safe=5)
            assert (await lead.do("meeting.close"))["status"] == 409
            for part in ("timeline", "causes", "findings", "actions"):
                assert (await lead.do("meeting.explain", what=part, reason="x"))["status"] == 422
                await did(lead, "meeting.explain", what=part, reason="A drill, nothing was recorded")
            await did(lead, "meeting.close")
            await lead.until(lambda: _counts(lead) is not None)
            assert _counts(lead) == [1, 0, 1, 1, 1]

    asyncio.run(meet())
    with sqlite3.connect(server.data / "followthrough.sqlite3", timeout=20) as database:
        logged = "SELECT actor_id, changes FROM activity_activity WHERE verb = 'rated' AND topic = ?"
        assert set(database.execute(logged, [f"incident:{room}"])) == {(None, "{}")}


def _counts(visitor: Visitor) -> list[int] | None:
    rounds = [
        message["round"] for message in visitor.heard if message["t"] == "derived" and "round" in message
    ]
    learned = rounds[-1]["questions"][0] if rounds else {"counts": None}
    counts: list[int] | None = learned["counts"]
    return counts
