"""Hidden answers: kept from view until all have written, shown by who leads or by the room itself."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction

from followthrough.activity.models import Activity
from followthrough.meeting_room.operations.facilitation import record_change
from followthrough.meetings.models import Answer, Meeting
from followthrough.meetings.queries import refuse_unless_leading
from followthrough.people.models import User


@transaction.atomic
def hide_answers(meeting: Meeting, *, hidden: bool, by: User) -> Meeting:
    """Keeps each person's answers to themselves until all have written, or whoever leads shows them."""
    refuse_unless_leading(meeting.postmortem, by)
    if meeting.answers_hidden != hidden:
        record_change(meeting, {"answers_hidden": hidden}, by=by)
    return meeting


@transaction.atomic
def show_once_all_wrote(number: int, present: frozenset[int]) -> None:
    """Shows the answers of post-mortem `number` if nobody of `present` (people's ids) is waited for."""
    if (meeting := _hiding(number)) and _nobody_is_waited_for(meeting, present):
        record_change(meeting, {"answers_hidden": False}, by=None)


def all_have_written(number: int, present: frozenset[int]) -> bool:
    """Whether answers wait that everyone of `present` (people's ids) has given theirs to."""
    meeting = _hiding(number)
    return meeting is not None and _nobody_is_waited_for(meeting, present)


def _hiding(number: int) -> Meeting | None:
    hiding = Meeting.objects.filter(postmortem=number, kind=Meeting.Kind.POSTMORTEM, answers_hidden=True)
    return hiding.filter(state__in=[Meeting.State.SCHEDULED, Meeting.State.LIVE]).first()


def _nobody_is_waited_for(meeting: Meeting, present: frozenset[int]) -> bool:
    """Everyone has answered each question that was answered since the answers are kept from view."""
    authors: dict[int, set[int | None]] = defaultdict(set)
    begun = set()
    hidden_at = _hidden_at(meeting)
    answers = Answer.objects.filter(postmortem=meeting.postmortem_id, removed_at=None)
    for question, author, at in answers.values_list("question", "author", "created_at"):
        authors[question].add(author)
        if at >= hidden_at:
            begun.add(question)
    return bool(begun) and all(present <= authors[question] for question in begun)


def _hidden_at(meeting: Meeting) -> datetime:
    """When the answers were last kept from view."""
    rows = Activity.objects.filter(kind=meeting._meta.label_lower, record=str(meeting.pk))
    return rows.filter(changes__has_key="answers_hidden").latest("seq").at
