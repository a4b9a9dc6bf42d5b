"""Facilitation: the agenda, who helps the facilitator, handing the lead on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from followthrough.activity import operations as activity
from followthrough.core.errors import DomainError
from followthrough.core.field_changes import set_fields
from followthrough.meetings import agenda
from followthrough.meetings.models import AgendaStep, Meeting
from followthrough.meetings.queries import agenda_of, refuse_unless_leading
from followthrough.people.models import User
from followthrough.postmortems import operations as postmortems
from followthrough.postmortems.models import PostMortem

ROLES = {"co_facilitator": "Co-facilitator", "scribe": "Scribe"}
MAX_STEP_MINUTES = 120
HANDED_OVER = "Handed over in the meeting"


@transaction.atomic
def set_agenda(meeting: Meeting, steps: Sequence[agenda.Step], *, by: User) -> Meeting:
    """Gives the meeting these steps in this order. It keeps the step it is at, whose end moves with its minutes."""
    refuse_unless_leading(meeting.postmortem, by)
    _check(meeting, steps)
    before = agenda_of(meeting)
    meeting.steps.all().delete()
    AgendaStep.objects.bulk_create(
        AgendaStep(meeting=meeting, key=step.key, minutes=step.minutes, position=position)
        for position, step in enumerate(steps)
    )
    _move_end(meeting, _minutes_at(meeting, steps) - _minutes_at(meeting, before))
    record_change(meeting, {}, by=by, changes={"agenda": [_in_words(before), _in_words(steps)]})
    return meeting


def _minutes_at(meeting: Meeting, steps: Sequence[agenda.Step]) -> int:
    """Of the step that the meeting is at, 0 before it began."""
    return next((step.minutes for step in steps if step.key == meeting.step), 0)


def _move_end(meeting: Meeting, minutes: int) -> None:
    if meeting.step_ends_at and minutes:
        meeting.step_ends_at += timedelta(minutes=minutes)
        meeting.save(update_fields=["step_ends_at"])


def _in_words(steps: Sequence[agenda.Step]) -> str:
    return ", ".join(f"{step.name} {step.minutes} min" for step in steps)


def _check(meeting: Meeting, steps: Sequence[agenda.Step]) -> None:
    keys = [step.key for step in steps]
    if not steps or len(set(keys)) != len(keys) or not set(keys) <= set(AgendaStep.Key.values):
        raise DomainError("An agenda holds each of its steps once.", field="steps")
    if not all(1 <= step.minutes <= MAX_STEP_MINUTES for step in steps):
        raise DomainError(f"Give each step 1 to {MAX_STEP_MINUTES} minutes.", field="steps")
    if AgendaStep.Key.CLOSE not in keys:
        raise DomainError("A meeting ends with its close. Keep that step.", field="steps")
    if meeting.step and meeting.step not in keys:
        raise DomainError("The meeting is at a step that this agenda leaves out. Go on first.", field="steps")


@transaction.atomic
def appoint(meeting: Meeting, person: User | None, *, role: str, by: User) -> Meeting:
    """Names the co-facilitator, who may lead as well, or the scribe; None for nobody."""
    refuse_unless_leading(meeting.postmortem, by)
    if role not in ROLES:
        raise DomainError("There is no such part in a meeting.", field="role")
    record_change(meeting, {role: person}, by=by)
    return meeting


@transaction.atomic
def hand_over(postmortem: PostMortem, person: User, *, by: User) -> PostMortem:
    """Makes somebody else the facilitator while the meeting runs; the record keeps why, if they took part."""
    refuse_unless_leading(postmortem, by)
    return postmortems.choose_facilitator(postmortem, person, by=by, reason=HANDED_OVER)


def record_change(
    meeting: Meeting,
    values: dict[str, object],
    verb: str = "changed",
    *,
    by: User | None,
    changes: dict[str, list[object]] | None = None,
) -> None:
    found = set_fields(meeting, values) if values else changes or {}
    if not found:
        return
    meeting.version += 1
    meeting.save(update_fields=[*values, "version"])
    activity.record(meeting, verb, by=by, changes=found)
