"""The lifecycle of a meeting: its start, its steps, its close."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from followthrough.activity import operations as activity
from followthrough.core.errors import Conflict, DomainError
from followthrough.core.field_changes import set_fields
from followthrough.meeting_room.gate import Gate
from followthrough.meeting_room.operations.attendance import note_presence
from followthrough.meeting_room.queries.gate import gate_of
from followthrough.meeting_room.queries.starting import doubts_about_starting
from followthrough.meetings import queries
from followthrough.meetings.models import AgendaStep, Meeting, Sitting
from followthrough.meetings.queries import agenda_of, refuse_unless_leading
from followthrough.people.models import User
from followthrough.postmortems import operations as postmortems
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.operations.omissions import explain_omission, keep_omissions
from followthrough.postmortems.queries import is_reopened
from followthrough.scheduling.operations.begun_meetings import (
    end_sitting,
    tell_of_beginning,
    tell_of_not_beginning,
    tell_of_reopening,
    told_of_beginning,
)
from followthrough.scheduling.operations.team_calendars import sync_meetings

State = Meeting.State
SUMMARY_WITHIN = timedelta(hours=24)
MAX_EXTENSION_MINUTES = 60
TAKEN_BACK_WITHIN = timedelta(minutes=10)
REOPENED_FOR = timedelta(days=1)
CLOSED = frozenset({PostMortem.State.TO_SHARE, PostMortem.State.SHARED, PostMortem.State.CHECKED_IN})


class GateClosed(Conflict):
    """The meeting cannot close yet; `current` holds what is left."""

    def __init__(self, gate: Gate) -> None:
        things = "; ".join(left.text for left in gate.left)
        super().__init__(
            f"The meeting cannot close yet: {things}. Everything is kept; finish these, or record why not.",
            current={"covered": gate.covered, "total": gate.total, "left": [left.text for left in gate.left]},
        )


class StartAsks(Conflict):
    """Something speaks against starting now; `current` holds it in sentences."""

    def __init__(self, asks: list[str]) -> None:
        super().__init__(f"{' '.join(asks)} Start it now all the same?", current={"asks": asks})


@transaction.atomic
def start_meeting(
    postmortem: PostMortem, *, by: User, present: Collection[int] | None = None, anyway: bool = False
) -> Meeting:
    """Starts the meeting, or its next sitting; without a scheduled one it is held now. Twice changes nothing.

    StartAsks where it is not due yet or required people are not among those `present` (people's ids; None: not known),
    unless it is to start `anyway`.
    """
    refuse_unless_leading(postmortem, by)
    _lock(postmortem)
    if postmortem.state in CLOSED:
        raise DomainError(
            f"This meeting was held already. What it decided is on the page of {postmortem.key}."
        )
    planned = queries.current(postmortem)
    if planned and planned.state != State.SCHEDULED:
        return planned
    if not anyway and (asks := doubts_about_starting(postmortem, planned, by.zone, present)):
        raise StartAsks(asks)
    if by == postmortem.facilitator and postmortem.facilitator_state == PostMortem.FacilitatorState.ASKED:
        postmortems.answer_facilitation(postmortem, accepts=True, by=by)
    meeting = _begin(planned or _meeting_now(postmortem, by=by), planned, by=by)
    postmortems.set_state(postmortem, PostMortem.State.MEETING, by=by)
    note_presence(meeting, present or ())
    tell_of_beginning(meeting)
    return meeting


def _begin(meeting: Meeting, planned: Meeting | None, *, by: User) -> Meeting:
    """Its time is now; what was planned is kept beside it."""
    steps = agenda_of(meeting)
    if not meeting.steps.exists():
        AgendaStep.objects.bulk_create(
            AgendaStep(meeting=meeting, key=step.key, minutes=step.minutes, position=position)
            for position, step in enumerate(steps)
        )
    now = timezone.now()
    at = next((step for step in steps if step.key == meeting.step), steps[0])
    values: dict[str, object] = {
        "state": State.LIVE,
        "planned_at": planned.starts_at if planned else None,
        "planned_minutes": planned.minutes if planned else None,
        "starts_at": now,
        "started_at": meeting.started_at or now,
        "step": at.key,
        "step_ends_at": now + timedelta(minutes=at.minutes),
    }
    _change(meeting, "started", values, by=by)
    Sitting.objects.create(meeting=meeting, started_at=now)
    return meeting


@transaction.atomic
def cancel_start(postmortem: PostMortem, *, by: User) -> Meeting:
    """It has not begun after all: as it was planned before, within ten minutes of its start."""
    refuse_unless_leading(postmortem, by)
    _lock(postmortem)
    meeting = queries.current(postmortem)
    if meeting is None or meeting.state != State.LIVE:
        raise DomainError("The meeting is not under way, so there is nothing to take back.")
    if timezone.now() - meeting.starts_at > TAKEN_BACK_WITHIN:
        raise DomainError("It began more than ten minutes ago. Close it, or adjourn it to another time.")
    was_told = told_of_beginning(meeting)
    meeting.sittings.filter(ended_at=None).delete()
    _undo_start(meeting, by=by)
    is_first = meeting.started_at is None
    state = PostMortem.State.SCHEDULED if meeting.state == State.SCHEDULED else PostMortem.State.TO_SCHEDULE
    postmortems.set_state(postmortem, state if is_first else PostMortem.State.MEETING, by=by)
    tell_of_not_beginning(meeting, was_told=was_told)
    return meeting


def _undo_start(meeting: Meeting, *, by: User) -> None:
    """Back to the plan, or called off where there was none."""
    is_first = not meeting.sittings.exists()
    values: dict[str, object] = {
        "state": State.SCHEDULED if meeting.planned_at else State.CANCELLED,
        "cancel_reason": "" if meeting.planned_at else "Not begun after all",
        "starts_at": meeting.planned_at or meeting.starts_at,
        "minutes": meeting.planned_minutes or meeting.minutes,
        "planned_at": None,
        "planned_minutes": None,
        "step_ends_at": None,
    }
    if is_first:
        values |= {"started_at": None, "step": ""}
        meeting.attendances.all().delete()
    _change(meeting, "taken back", values, by=by)


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
    if meeting.state == State.HELD and not is_reopened(postmortem):
        return meeting
    gate = gate_of(postmortem)
    if not gate.ready:
        raise GateClosed(gate)
    keep_omissions(postmortem, [row.what for row in gate.missing], by=by)
    if meeting.state == State.HELD:
        postmortems.set_reopened_until(postmortem, None, by=by)
        return meeting
    now = timezone.now()
    real = {"minutes": end_sitting(meeting, now), "ended_at": now, "sequence": meeting.sequence + 1}
    _change(meeting, "held", {"state": State.HELD, "step_ends_at": None, **real}, by=by)
    _begin_following_through(postmortem, now=now, by=by)
    sync_meetings(meeting)
    return meeting


@transaction.atomic
def reopen_meeting(postmortem: PostMortem, *, by: User) -> Meeting:
    """Opens the closed room for a day, so that what was forgotten gets in; promises and the check-in stay as they are."""
    refuse_unless_leading(postmortem, by)
    _lock(postmortem)
    meeting = queries.current(postmortem)
    if meeting is None or meeting.state != State.HELD:
        raise DomainError("The meeting is not closed, so it need not be reopened.")
    if not is_reopened(postmortem):
        postmortems.set_reopened_until(postmortem, timezone.now() + REOPENED_FOR, by=by)
        tell_of_reopening(meeting)
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
