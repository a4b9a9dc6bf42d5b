"""What a meeting does by itself when its incident changes."""

from __future__ import annotations

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.calendars.models import TeamCalendar
from followthrough.incidents.models import Incident
from followthrough.meetings.models import Meeting
from followthrough.meetings.operations.scheduling import cancel_meeting
from followthrough.meetings.team_calendars import fill


def follow_incidents() -> None:
    """Called once, from this room's ready()."""
    subscribe(Incident._meta.label_lower, "skipped", _call_off)
    subscribe(TeamCalendar._meta.label_lower, "added", fill)


def _call_off(row: Activity, incident: models.Model) -> None:
    """A skipped post-mortem has no meeting; everyone who was asked reads why."""
    ahead = Meeting.objects.filter(
        postmortem=incident.pk, kind=Meeting.Kind.POSTMORTEM, state=Meeting.State.SCHEDULED
    ).first()
    if ahead and isinstance(incident, Incident):
        cancel_meeting(ahead, reason=f"The post-mortem was skipped: {incident.review_reason}", by=row.actor)
