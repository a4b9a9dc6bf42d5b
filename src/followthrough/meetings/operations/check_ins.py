"""The two-week check-in: planned when the meeting closes, then walked through action by action."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from followthrough.activity.operations import record
from followthrough.core.times import local
from followthrough.meetings import check_in_days, words
from followthrough.meetings.models import Meeting
from followthrough.notifications.operations import tell
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.operations import promise_due


@transaction.atomic
def plan_check_in(postmortem: PostMortem, *, by: User) -> Meeting:
    """The check-in two weeks after the meeting, with its promise; everyone who was asked is told once."""
    meetings = postmortem.meetings.exclude(state=Meeting.State.CANCELLED)
    if planned := meetings.filter(kind=Meeting.Kind.CHECK_IN).first():
        return planned
    held = meetings.filter(kind=Meeting.Kind.POSTMORTEM).first()
    zone = held.zone if held else by.zone
    starts_at, why = check_in_days.check_in_time(_held_at(held), zone)
    check_in = Meeting.objects.create(
        postmortem=postmortem,
        kind=Meeting.Kind.CHECK_IN,
        starts_at=starts_at,
        minutes=check_in_days.MINUTES,
        zone=zone,
        scheduled_by=by,
    )
    record(check_in, "scheduled", by=by, changes={"starts_at": [None, starts_at.isoformat()]})
    promise_due(postmortem, Promise.Kind.CHECK_IN, due_at=check_in.ends_at, by=by)
    _tell_of(check_in, why)
    return check_in


def _held_at(meeting: Meeting | None) -> datetime:
    """Its scheduled time, or when it really began if that was another day."""
    began = (meeting and meeting.started_at) or timezone.now()
    if meeting and local(began, meeting.zone).date() == local(meeting.starts_at, meeting.zone).date():
        return meeting.starts_at
    return began.replace(minute=0, second=0, microsecond=0)


def _tell_of(check_in: Meeting, why: str) -> None:
    postmortem = check_in.postmortem
    for participant in postmortem.participants.select_related("person"):
        when = words.day_and_time(check_in.starts_at, participant.person.zone)
        tell(
            participant.person,
            kind="check_in",
            key=f"check-in:{check_in.pk}:{check_in.revision}",
            subject=f"{postmortem.key}: the check-in is on {when}",
            body=f"We look at each action together and ask whether it held. {why}".strip(),
            path=f"/incidents/{postmortem.key}/check-in/",
        )
