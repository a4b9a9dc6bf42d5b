"""What a meeting does by itself when its incident or its people change."""

from __future__ import annotations

from typing import cast

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.calendars.models import TeamCalendar
from followthrough.incidents.models import Incident, Involvement
from followthrough.meetings.models import Meeting
from followthrough.meetings.queries import current
from followthrough.notifications.operations import escalation
from followthrough.notifications.operations.escalation import EscalationPolicy, register
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.scheduling.meeting_reminders import KIND
from followthrough.scheduling.operations.invitations import remove_attendees_without_access
from followthrough.scheduling.operations.meeting_times import cancel_meeting
from followthrough.scheduling.operations.team_calendars import sync_incident, sync_team
from followthrough.scheduling.queries.invitees import asked_to_what_lies_ahead
from followthrough.scheduling.queries.meeting_reminders import load, missing


def follow_incidents() -> None:
    """Called once, from this room's ready()."""
    subscribe(Incident._meta.label_lower, "skipped", _call_off)
    subscribe(Incident._meta.label_lower, "changed", sync_incident)
    subscribe(Incident._meta.label_lower, "changed", _look_who_sees_it)
    subscribe(Involvement._meta.label_lower, "removed", _look_without_role)
    subscribe(TeamCalendar._meta.label_lower, "added", sync_team)
    subscribe(User._meta.label_lower, "changed", _look_what_they_see)
    subscribe(User._meta.label_lower, "deactivated", _leave_everywhere)


def _call_off(row: Activity, incident: models.Model) -> None:
    """A skipped post-mortem has no meeting; everyone who was asked reads why."""
    postmortem = PostMortem.objects.filter(pk=incident.pk).first()
    meeting = current(postmortem) if postmortem else None
    if meeting and meeting.state == Meeting.State.SCHEDULED and isinstance(incident, Incident):
        cancel_meeting(meeting, reason=f"It was skipped: {incident.review_reason}", by=row.actor)


def _look_who_sees_it(row: Activity, incident: models.Model) -> None:
    if {"visibility", "named_people"} & row.changes.keys():
        _let_go(row, PostMortem.objects.filter(pk=incident.pk))


def _look_without_role(row: Activity, involvement: models.Model) -> None:
    _let_go(row, PostMortem.objects.filter(pk=cast("Involvement", involvement).incident_id))


def _look_what_they_see(row: Activity, person: models.Model) -> None:
    if "role" in row.changes:
        _leave_everywhere(row, person)


def _leave_everywhere(row: Activity, person: models.Model) -> None:
    """Wherever the person has a seat ahead or leads."""
    _let_go(row, asked_to_what_lies_ahead(cast("User", person)))


def _let_go(row: Activity, postmortems: models.QuerySet[PostMortem]) -> None:
    for postmortem in postmortems.select_related("incident", "facilitator"):
        remove_attendees_without_access(postmortem, by=row.actor)


def register_policy() -> None:
    """Called once, from this room's ready()."""
    register(EscalationPolicy(KIND, load, missing))
    for verb in ("scheduled", "moved", "cancelled", "started", "held"):
        subscribe(Meeting._meta.label_lower, verb, _refresh)


def _refresh(_: Activity, meeting: models.Model) -> None:
    escalation.refresh_deadlines(KIND, [cast("Meeting", meeting).pk])
