"""The lifecycle of a meeting: its start, its steps, its close."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from followthrough.activity import operations as activity
from followthrough.core.errors import Conflict, DomainError, NotAllowed
from followthrough.core.field_changes import set_fields
from followthrough.meeting_room.gate import Gate
from followthrough.meeting_room.queries.gate import gate_of
from followthrough.meetings import queries
from followthrough.meetings.models import AgendaStep, Meeting
from followthrough.meetings.queries import agenda_of
from followthrough.people.models import User
from followthrough.postmortems import operations as postmortems
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.operations.omissions import explain_omission, keep_omissions

State = Meeting.State
SUMMARY_WITHIN = timedelta(hours=24)
MAX_EXTENSION_MINUTES = 60
CLOSED = frozenset({PostMortem.State.TO_SHARE, PostMortem.State.SHARED, PostMortem.State.CHECKED_IN})


class GateClosed(Conflict):
    """The meeting cannot close yet; `current` holds what is left."""

    def __init__(self, gate: Gate) -> None:
        things = "; ".join(left.text for left in gate.left)
        super().__init__(
            f"The meeting cannot close yet: {things}. Everything is kept; finish these, or record why not.",
            current={"covered": gate.covered, "total": gate.total, "left": [left.text for left in gate.left]},
        )


def refuse_unless_leading(postmortem: PostMortem, person: User) -> None:
    """The facilitator, the co-facilitator and administrators lead; where nobody was chosen, any member does."""
    if postmortem.facilitator_id in {None, person.pk} or person.is_administrator:
        return
    if (meeting := queries.current(postmortem)) and meeting.co_facilitator_id == person.pk:
        return
    raise NotAllowed(f"{postmortem.facilitator} facilitates this meeting and leads through its steps.")


@transaction.atomic
def start_meeting(postmortem: PostMortem, *, by: User) -> Meeting:
    """Starts the meeting at its first step; without a scheduled one it is held now. Twice changes nothing."""
    refuse_unless_leading(postmortem, by)
    _lock(postmortem)
    if postmortem.state in CLOSED:
        raise DomainError("This meeting was held already. What it decided is on the incident's page.")
    meeting = queries.current(postmortem) or _meeting_now(postmortem, by=by)
    if meeting.state != State.SCHEDULED:
        return meeting
    steps = agenda_of(meeting)
    if not meeting.steps.exists():
        AgendaStep.objects.bulk_create(
            AgendaStep(meeting=meeting, key=step.key, minutes=step.minutes, position=position)
            for position, step in enumerate(steps)
        )
    now = timezone.now()
    first = {"step": steps[0].key, "step_ends_at": now + timedelta(minutes=steps[0].minutes)}
    _change(meeting, "started", {"state": State.LIVE, "started_at": now, **first}, by=by)
    postmortems.set_state(postmortem, PostMortem.State.MEETING, by=by)
    return meeting


@transaction.atomic
def go_to_step(meeting: Meeting, *, step: str, by: User) -> Meeting:
    """Leads everyone to `step`, with its whole time from now. Being there already changes nothing."""
    _refuse_unless_live(meeting, by)
    minutes = next((each.minutes for each in agenda_of(meeting) if each.key == step), None)
    if minutes is None:
        raise DomainError("The agenda of this meeting has no such step.", field="step")
    if meeting.step != step:
        ends_at = timezone.now() + timedelta(minutes=minutes)
        _change(meeting, "moved", {"step": step, "step_ends_at": ends_at}, by=by)
    return meeting


@transaction.atomic
def extend_step(meeting: Meeting, *, minutes: int, by: User) -> Meeting:
    """Gives the step more time: from its end, or from now once that has passed."""
    _refuse_unless_live(meeting, by)
    if not 1 <= minutes <= MAX_EXTENSION_MINUTES:
        raise DomainError(f"Give a step 1 to {MAX_EXTENSION_MINUTES} minutes more.", field="minutes")
    now = timezone.now()
    ends_at = max(meeting.step_ends_at or now, now) + timedelta(minutes=minutes)
    _change(meeting, "extended", {"step_ends_at": ends_at}, by=by)
    return meeting


@transaction.atomic
def explain_missing(postmortem: PostMortem, what: str, *, reason: str, by: User) -> None:
    """Records why the meeting may close without `what`; only who leads it may say so."""
    refuse_unless_leading(postmortem, by)
    explain_omission(postmortem, what, reason=reason, by=by)


@transaction.atomic
def close_meeting(postmortem: PostMortem, *, by: User) -> Meeting:
    """Ends the meeting if its gate is open; the check-in and the 24-hour promise begin. Twice changes nothing.

    GateClosed says exactly what is left.
    """
    refuse_unless_leading(postmortem, by)
    _lock(postmortem)
    meeting = queries.current(postmortem)
    if meeting is None or meeting.state == State.SCHEDULED:
        raise DomainError("The meeting has not begun, so it cannot close. Start it first.")
    if meeting.state == State.HELD:
        return meeting
    gate = gate_of(postmortem)
    if not gate.ready:
        raise GateClosed(gate)
    keep_omissions(postmortem, [row.what for row in gate.missing], by=by)
    now = timezone.now()
    _change(meeting, "held", {"state": State.HELD, "ended_at": now, "step_ends_at": None}, by=by)
    _begin_following_through(postmortem, now=now, by=by)
    return meeting


def _begin_following_through(postmortem: PostMortem, *, now: datetime, by: User) -> None:
    postmortems.set_state(postmortem, PostMortem.State.TO_SHARE, by=by)
    postmortems.keep_promise(postmortem, Promise.Kind.MEETING, by=by, at=now)
    postmortems.promise_due(postmortem, Promise.Kind.SUMMARY, due_at=now + SUMMARY_WITHIN, by=by)


def _meeting_now(postmortem: PostMortem, *, by: User) -> Meeting:
    minutes = postmortem.incident.severity.meeting_minutes
    meeting = Meeting.objects.create(
        postmortem=postmortem, starts_at=timezone.now(), minutes=minutes, zone=by.zone, scheduled_by=by
    )
    activity.record(meeting, "scheduled", by=by)
    return meeting


def _refuse_unless_live(meeting: Meeting, person: User) -> None:
    refuse_unless_leading(meeting.postmortem, person)
    meeting.refresh_from_db(from_queryset=Meeting.objects.select_for_update())
    if meeting.state != State.LIVE:
        raise DomainError("The meeting is not under way. Start it first.")


def _lock(postmortem: PostMortem) -> None:
    PostMortem.objects.select_for_update().get(pk=postmortem.pk)


def _change(meeting: Meeting, verb: str, values: dict[str, object], *, by: User) -> None:
    changes = set_fields(meeting, values)
    meeting.version += 1
    meeting.save(update_fields=[*values, "version"])
    activity.record(meeting, verb, by=by, changes=changes)
