"""Leading together: the agenda, who helps the facilitator, handing the lead on, answers that wait."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from followthrough.activity import operations as activity
from followthrough.core.changes import set_fields
from followthrough.core.errors import DomainError
from followthrough.meetings import agenda
from followthrough.meetings.models import AgendaStep, Meeting
from followthrough.meetings.operations.running import refuse_unless_leading
from followthrough.people.models import User
from followthrough.postmortems import operations as postmortems
from followthrough.postmortems.models import PostMortem

ROLES = {"co_facilitator": "Co-facilitator", "scribe": "Scribe"}
LONGEST_STEP = 120
HANDED_OVER = "Handed over in the meeting"


@transaction.atomic
def set_agenda(meeting: Meeting, steps: Sequence[agenda.Step], *, by: User) -> Meeting:
    """Gives the meeting these steps in this order. It keeps the step it is at."""
    refuse_unless_leading(meeting.postmortem, by)
    _check(meeting, steps)
    before = [f"{step.name} {step.minutes} min" for step in agenda.agenda_of(meeting)]
    meeting.steps.all().delete()
    AgendaStep.objects.bulk_create(
        AgendaStep(meeting=meeting, key=step.key, minutes=step.minutes, position=position)
        for position, step in enumerate(steps)
    )
    after = [f"{step.name} {step.minutes} min" for step in steps]
    _record(meeting, {}, "changed", by=by, changes={"agenda": [", ".join(before), ", ".join(after)]})
    return meeting


def _check(meeting: Meeting, steps: Sequence[agenda.Step]) -> None:
    keys = [step.key for step in steps]
    if not steps or len(set(keys)) != len(keys) or not set(keys) <= set(AgendaStep.Key.values):
        raise DomainError("An agenda holds each of its steps once.", field="steps")
    if not all(1 <= step.minutes <= LONGEST_STEP for step in steps):
        raise DomainError(f"Give each step 1 to {LONGEST_STEP} minutes.", field="steps")
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
    _record(meeting, {role: person}, "changed", by=by)
    return meeting


@transaction.atomic
def hand_over(postmortem: PostMortem, person: User, *, by: User) -> PostMortem:
    """Makes somebody else the facilitator while the meeting runs; the record keeps why, if they took part."""
    refuse_unless_leading(postmortem, by)
    return postmortems.choose_facilitator(postmortem, person, by=by, reason=HANDED_OVER)


@transaction.atomic
def hide_answers(meeting: Meeting, *, hidden: bool, by: User) -> Meeting:
    """Keeps each person's answers to themselves until the facilitator shows them all."""
    refuse_unless_leading(meeting.postmortem, by)
    if meeting.answers_hidden != hidden:
        _record(meeting, {"answers_hidden": hidden}, "changed", by=by)
    return meeting


def _record(
    meeting: Meeting,
    values: dict[str, object],
    verb: str,
    *,
    by: User,
    changes: dict[str, list[object]] | None = None,
) -> None:
    found = set_fields(meeting, values) if values else changes or {}
    if not found:
        return
    meeting.version += 1
    meeting.save(update_fields=[*values, "version"])
    activity.record(meeting, verb, by=by, changes=found)
