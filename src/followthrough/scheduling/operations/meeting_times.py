"""Finding a meeting its time, moving it, calling it off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from followthrough.activity.operations import record
from followthrough.core.errors import Conflict, DomainError
from followthrough.core.field_changes import set_fields
from followthrough.core.times import is_zone
from followthrough.incidents.models import Incident
from followthrough.meetings.models import Meeting
from followthrough.meetings.phrasing import name_of
from followthrough.meetings.queries import current, refuse_unless_leading
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem, Promise
from followthrough.postmortems.operations import move_promise, set_state
from followthrough.records import operations as records
from followthrough.scheduling.attendees import Invitee
from followthrough.scheduling.operations.begun_meetings import end_sitting, tell_of_adjourning
from followthrough.scheduling.operations.invitations import PURPOSE, invite_all
from followthrough.scheduling.operations.invitee_notifications import News, notify_invitees
from followthrough.scheduling.queries.meeting_facts import Time

LENGTHS_MINUTES = (60, 90)
_FURTHEST = timedelta(days=365)
_OPEN = {PostMortem.State.TO_SCHEDULE, PostMortem.State.SCHEDULED}


@transaction.atomic
def settle_time(
    postmortem: PostMortem,
    *,
    starts_at: datetime,
    minutes: int,
    zone: str,
    by: User,
    invitees: Iterable[Invitee] = (),
) -> Meeting:
    """Moves the post-mortem's meeting, adjourns one that is under way, or else asks the `invitees` and schedules it: all of it or nothing."""
    meeting = current(postmortem)
    if meeting and meeting.state == Meeting.State.LIVE:
        return adjourn_meeting(meeting, starts_at=starts_at, minutes=minutes, by=by)
    if meeting:
        return move_meeting(meeting, starts_at=starts_at, minutes=minutes, by=by)
    invite_all(postmortem, invitees, by=by)
    return schedule_meeting(postmortem, starts_at=starts_at, minutes=minutes, zone=zone, by=by)


@transaction.atomic
def schedule_meeting(
    postmortem: PostMortem, *, starts_at: datetime, minutes: int, zone: str, by: User
) -> Meeting:
    """Gives the post-mortem its meeting of 60 or 90 minutes; those who should come are told."""
    if postmortem.state not in _OPEN:
        raise DomainError(
            f"This meeting was held already. What it decided is on the page of {postmortem.key}."
        )
    if postmortem.incident.review == Incident.Review.SKIPPED:
        raise DomainError("It was skipped. Open it again first, then find it a time.")
    _refuse_other_length(minutes)
    _refuse_past(starts_at)
    if not is_zone(zone):
        raise DomainError("Choose a time zone from the list.", field="zone")
    meeting = Meeting(postmortem=postmortem, starts_at=starts_at, minutes=minutes, zone=zone, scheduled_by=by)
    try:
        with transaction.atomic():
            meeting.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            "Somebody scheduled this meeting already. Look at its time, and move it if needed."
        ) from error
    record(meeting, "scheduled", by=by, changes={"starts_at": [None, starts_at.isoformat()]})
    set_state(postmortem, PostMortem.State.SCHEDULED, by=by)
    notify_invitees(
        meeting, News(f"the {name_of(meeting)} is on {{when}}", f"{by} asks you to come. {PURPOSE}", by)
    )
    return meeting


@transaction.atomic
def move_meeting(meeting: Meeting, *, starts_at: datetime, by: User, minutes: int | None = None) -> Meeting:
    """Gives it another time. Its revision rises, everyone is asked anew and told; the same time changes nothing."""
    _refuse_unless_ahead(meeting)
    if minutes is not None:
        _refuse_other_length(minutes)
    _refuse_past(starts_at)
    before = (meeting.starts_at, meeting.minutes)
    changes = set_fields(meeting, {"starts_at": starts_at, "minutes": minutes or meeting.minutes})
    if not changes:
        return meeting
    _revise(meeting)
    record(meeting, "moved", by=by, changes=changes)
    meeting.postmortem.participants.update(response=Participant.Response.INVITED)
    if meeting.kind == Meeting.Kind.CHECK_IN:
        move_promise(meeting.postmortem, Promise.Kind.CHECK_IN, due_at=meeting.ends_at, by=by)
    notify_invitees(meeting, _moved(meeting, before, by=by))
    return meeting


@transaction.atomic
def adjourn_meeting(meeting: Meeting, *, starts_at: datetime, minutes: int, by: User) -> Meeting:
    """Breaks off the meeting that is under way; its next sitting is then, at the step where it stopped."""
    refuse_unless_leading(meeting.postmortem, by)
    meeting.refresh_from_db(from_queryset=Meeting.objects.select_for_update(of=("self",)))
    if meeting.state != Meeting.State.LIVE:
        raise DomainError("The meeting is not under way, so it cannot be adjourned.")
    _refuse_other_length(minutes)
    _refuse_past(starts_at)
    length = end_sitting(meeting, timezone.now())
    values = {"state": Meeting.State.SCHEDULED, "starts_at": starts_at, "minutes": minutes}
    changes = set_fields(
        meeting, values | {"planned_at": None, "planned_minutes": None, "step_ends_at": None}
    )
    _revise(meeting)
    record(meeting, "adjourned", by=by, changes=changes)
    meeting.postmortem.participants.update(response=Participant.Response.INVITED)
    tell_of_adjourning(meeting, after_minutes=length, by=by)
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, reason: str, by: User | None) -> Meeting:
    """Calls the post-mortem's meeting off, for a reason that everyone is told, also who said no.

    It can be scheduled again, and then asks everyone anew.
    """
    _refuse_unless_ahead(meeting)
    if meeting.kind == Meeting.Kind.CHECK_IN:
        raise DomainError("A check-in is not called off. Move it to a time that suits better.")
    if meeting.sittings.exists():
        raise DomainError("It has begun and was adjourned. Move its second sitting, or hold it and close.")
    needed = "Say why it is called off; everyone who was asked will read it."
    said = records.reason(reason[:300], needed=needed, limit=300)
    values = {"state": Meeting.State.CANCELLED, "cancel_reason": said}
    changes = set_fields(meeting, dict(values))
    _revise(meeting)
    record(meeting, "cancelled", by=by, changes=changes)
    set_state(meeting.postmortem, PostMortem.State.TO_SCHEDULE, by=by)
    why = f"{by} called it off: {meeting.cancel_reason}" if by else meeting.cancel_reason
    notify_invitees(
        meeting, News(f"the {name_of(meeting)} on {{when}} is called off", why, by), all_asked=True
    )
    meeting.postmortem.participants.update(response=Participant.Response.INVITED)
    return meeting


def _moved(meeting: Meeting, before: Time, *, by: User) -> News:
    name = name_of(meeting)
    if meeting.starts_at == before[0]:
        what = f"the {name} on {{when}} takes {meeting.minutes} minutes, not {before[1]}"
        return News(what, f"{by} changed its length. Please say again whether you come.", by, before)
    what = f"the {name} moved to {{when}} (was {{was}})"
    return News(what, f"{by} moved it. Please say again whether you come.", by, before)


def _revise(meeting: Meeting) -> None:
    meeting.revision += 1
    meeting.sequence += 1
    meeting.version += 1
    meeting.save()


def _refuse_unless_ahead(meeting: Meeting) -> None:
    meeting.refresh_from_db(from_queryset=Meeting.objects.select_for_update(of=("self",)))
    if meeting.state != Meeting.State.SCHEDULED:
        raise DomainError(
            f"The {name_of(meeting)} is {meeting.get_state_display().lower()}, so its time can no longer change."
        )


def _refuse_other_length(minutes: int) -> None:
    if minutes not in LENGTHS_MINUTES:
        raise DomainError("Choose 60 or 90 minutes.", field="minutes")


def _refuse_past(starts_at: datetime) -> None:
    now = timezone.now()
    if starts_at <= now:
        raise DomainError("That time has passed. Choose one ahead.", field="starts_at")
    if starts_at > now + _FURTHEST:
        raise DomainError("That is more than a year ahead. Choose a nearer time.", field="starts_at")
