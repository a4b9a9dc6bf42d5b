"""Commands on answers, what is parked, notes, and the meeting's own course."""

from __future__ import annotations

from typing import TypeVar

from followthrough.core.errors import DomainError, NotFound
from followthrough.meeting_room.command_context import CommandArgs, CommandContext, command
from followthrough.meeting_room.operations import (
    contributions,
    facilitation,
    hidden_answers,
    lifecycle,
    voting,
)
from followthrough.meeting_room.queries.question_bank import find_question
from followthrough.meetings.agenda import Step
from followthrough.meetings.models import Answer, Meeting, ParkedItem, RoundTally, Vote
from followthrough.meetings.queries import current
from followthrough.postmortems.models import Record

R = TypeVar("R", bound=Record)


def _find(context: CommandContext, kind: type[R]) -> R:
    found = kind._default_manager.filter(postmortem=context.postmortem, pk=context.args.key("id")).first()
    if found is None:
        raise NotFound(f"This {kind._meta.verbose_name} is not part of the meeting.")
    return found


@command("answer.give")
def give_answer(context: CommandContext) -> None:
    question = find_question(context.args.whole("question"))
    contributions.give_answer(
        context.postmortem,
        question=question,
        text=context.args.text("text"),
        id=context.args.key("id"),
        by=context.by,
    )


@command("answer.change")
def change_answer(context: CommandContext) -> None:
    contributions.change_answer(
        _find(context, Answer), text=context.args.text("text"), base=context.base, by=context.by
    )


@command("answer.remove")
def remove_answer(context: CommandContext) -> None:
    contributions.remove_answer(_find(context, Answer), by=context.by)


@command("park.add")
def park(context: CommandContext) -> None:
    contributions.park(
        context.postmortem, text=context.args.text("text"), id=context.args.key("id"), by=context.by
    )


@command("park.settle")
def settle_parked(context: CommandContext) -> None:
    contributions.settle_parked(_find(context, ParkedItem), by=context.by)


@command("park.remove")
def remove_parked(context: CommandContext) -> None:
    contributions.remove_parked(_find(context, ParkedItem), by=context.by)


@command("note.write")
def write_note(context: CommandContext) -> None:
    args = context.args
    contributions.write_note(
        context.postmortem,
        step=args.text("step"),
        text=args.text("text"),
        private=args.flag("private"),
        base=context.base,
        by=context.by,
    )


def _meeting(context: CommandContext) -> Meeting:
    meeting = current(context.postmortem)
    if meeting is None:
        raise DomainError("The meeting is not under way. Start it first.")
    return meeting


@command("meeting.start")
def start(context: CommandContext) -> None:
    anyway = context.args.flag("anyway")
    lifecycle.start_meeting(context.postmortem, present=context.here, anyway=anyway, by=context.by)


@command("meeting.take_back")
def take_back_start(context: CommandContext) -> None:
    lifecycle.cancel_start(context.postmortem, by=context.by)


@command("meeting.reopen")
def reopen(context: CommandContext) -> None:
    lifecycle.reopen_meeting(context.postmortem, by=context.by)


@command("meeting.go")
def go(context: CommandContext) -> None:
    lifecycle.go_to_step(_meeting(context), step=context.args.text("step"), by=context.by)


@command("meeting.extend")
def extend(context: CommandContext) -> None:
    lifecycle.extend_step(_meeting(context), minutes=context.args.whole("minutes"), by=context.by)


@command("meeting.explain")
def explain(context: CommandContext) -> None:
    what, reason = context.args.text("what"), context.args.text("reason")
    lifecycle.explain_missing(context.postmortem, what, reason=reason, by=context.by)


@command("meeting.close")
def close(context: CommandContext) -> None:
    lifecycle.close_meeting(context.postmortem, by=context.by)


@command("meeting.agenda")
def set_agenda(context: CommandContext) -> None:
    given = context.args.value("steps")
    rows = [CommandArgs(row) for row in given if isinstance(row, dict)] if isinstance(given, list) else []
    steps = [Step(row.text("key"), row.whole("minutes")) for row in rows]
    facilitation.set_agenda(_meeting(context), steps, by=context.by)


@command("meeting.appoint")
def appoint(context: CommandContext) -> None:
    facilitation.appoint(
        _meeting(context), context.person_if_given("person"), role=context.args.text("role"), by=context.by
    )


@command("meeting.hand_over")
def hand_over(context: CommandContext) -> None:
    person = context.person_if_given("person")
    if person is None:
        raise DomainError("Choose who leads from here.", field="person")
    facilitation.hand_over(context.postmortem, person, by=context.by)


@command("meeting.hide_answers")
def hide_answers(context: CommandContext) -> None:
    hidden_answers.hide_answers(_meeting(context), hidden=context.args.flag("hidden"), by=context.by)


@command("vote.cast")
def cast_vote(context: CommandContext) -> None:
    voting.cast_vote(
        context.postmortem, about=context.args.key("about"), id=context.args.key("id"), by=context.by
    )


@command("vote.take_back")
def take_back_vote(context: CommandContext) -> None:
    voting.take_back_vote(_find(context, Vote), by=context.by)


@command("round.answer")
def answer_round(context: CommandContext) -> None:
    values = {question: context.args.whole(question) for question in RoundTally.Question.values}
    voting.answer_round(_meeting(context), values, by=context.by)
