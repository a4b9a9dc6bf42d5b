"""Commands on answers, what is parked, notes, and the meeting's own course."""

from __future__ import annotations

from typing import TypeVar

from followthrough.core.errors import DomainError, NotThere
from followthrough.meetings.agenda import Step
from followthrough.meetings.models import Answer, Meeting, ParkedItem, Question, RoundTally, Vote
from followthrough.meetings.operations import leading, rounds, running, talking, waiting_answers
from followthrough.meetings.queries import current
from followthrough.meetings.room.desk import Args, Desk, command
from followthrough.postmortems.models import Record

R = TypeVar("R", bound=Record)


def _find(desk: Desk, kind: type[R]) -> R:
    found = kind._default_manager.filter(postmortem=desk.postmortem, pk=desk.args.key("id")).first()
    if found is None:
        raise NotThere(f"This {kind._meta.verbose_name} is not part of the meeting.")
    return found


@command("answer.give")
def give_answer(desk: Desk) -> None:
    question = Question.objects.filter(pk=desk.args.whole("question")).first()
    if question is None:
        raise NotThere("There is no such question.")
    talking.give_answer(
        desk.postmortem, question=question, text=desk.args.text("text"), id=desk.args.key("id"), by=desk.by
    )


@command("answer.change")
def change_answer(desk: Desk) -> None:
    talking.change_answer(_find(desk, Answer), text=desk.args.text("text"), base=desk.base, by=desk.by)


@command("answer.remove")
def remove_answer(desk: Desk) -> None:
    talking.remove_answer(_find(desk, Answer), by=desk.by)


@command("park.add")
def park(desk: Desk) -> None:
    talking.park(desk.postmortem, text=desk.args.text("text"), id=desk.args.key("id"), by=desk.by)


@command("park.settle")
def settle_parked(desk: Desk) -> None:
    talking.settle_parked(_find(desk, ParkedItem), by=desk.by)


@command("park.remove")
def remove_parked(desk: Desk) -> None:
    talking.remove_parked(_find(desk, ParkedItem), by=desk.by)


@command("note.write")
def write_note(desk: Desk) -> None:
    args = desk.args
    talking.write_note(
        desk.postmortem,
        step=args.text("step"),
        text=args.text("text"),
        private=args.flag("private"),
        base=desk.base,
        by=desk.by,
    )


def _meeting(desk: Desk) -> Meeting:
    meeting = current(desk.postmortem)
    if meeting is None:
        raise DomainError("The meeting is not under way. Start it first.")
    return meeting


@command("meeting.start")
def start(desk: Desk) -> None:
    running.start_meeting(desk.postmortem, by=desk.by)


@command("meeting.go")
def go(desk: Desk) -> None:
    running.go_to_step(_meeting(desk), step=desk.args.text("step"), by=desk.by)


@command("meeting.extend")
def extend(desk: Desk) -> None:
    running.extend_step(_meeting(desk), minutes=desk.args.whole("minutes"), by=desk.by)


@command("meeting.close")
def close(desk: Desk) -> None:
    running.close_meeting(desk.postmortem, by=desk.by)


@command("meeting.agenda")
def set_agenda(desk: Desk) -> None:
    given = desk.args.value("steps")
    rows = [Args(row) for row in given if isinstance(row, dict)] if isinstance(given, list) else []
    steps = [Step(row.text("key"), row.whole("minutes")) for row in rows]
    leading.set_agenda(_meeting(desk), steps, by=desk.by)


@command("meeting.appoint")
def appoint(desk: Desk) -> None:
    leading.appoint(_meeting(desk), desk.person_if_given("person"), role=desk.args.text("role"), by=desk.by)


@command("meeting.hand_over")
def hand_over(desk: Desk) -> None:
    person = desk.person_if_given("person")
    if person is None:
        raise DomainError("Choose who leads from here.", field="person")
    leading.hand_over(desk.postmortem, person, by=desk.by)


@command("meeting.hide_answers")
def hide_answers(desk: Desk) -> None:
    waiting_answers.hide_answers(_meeting(desk), hidden=desk.args.flag("hidden"), by=desk.by)


@command("vote.cast")
def cast_vote(desk: Desk) -> None:
    rounds.cast_vote(desk.postmortem, about=desk.args.key("about"), id=desk.args.key("id"), by=desk.by)


@command("vote.take_back")
def take_back_vote(desk: Desk) -> None:
    rounds.take_back_vote(_find(desk, Vote), by=desk.by)


@command("round.answer")
def answer_round(desk: Desk) -> None:
    values = {question: desk.args.whole(question) for question in RoundTally.Question.values}
    rounds.answer_round(_meeting(desk), values, by=desk.by)
