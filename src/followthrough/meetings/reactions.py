"""What a meeting does by itself when its incident or its people change."""

from __future__ import annotations

from typing import cast

from django.db import models
from django.db.models import Q

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.calendars.models import TeamCalendar
from followthrough.incidents.models import Incident, Involvement
from followthrough.meetings.models import Meeting
from followthrough.meetings.operations.invitations import BEFORE, remove_attendees_without_access
from followthrough.meetings.operations.scheduling import cancel_meeting
from followthrough.meetings.team_calendars import sync_incident, sync_team
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem


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
    ahead = Meeting.objects.filter(
        postmortem=incident.pk, kind=Meeting.Kind.POSTMORTEM, state=Meeting.State.SCHEDULED
    ).first()
    if ahead and isinstance(incident, Incident):
        cancel_meeting(ahead, reason=f"The post-mortem was skipped: {incident.review_reason}", by=row.actor)


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
    ahead = Q(state__in=BEFORE) | Q(meetings__state=Meeting.State.SCHEDULED)
    theirs = Q(participants__person=person) | Q(facilitator=person)
    _let_go(row, PostMortem.objects.filter(ahead, theirs).distinct())


def _let_go(row: Activity, postmortems: models.QuerySet[PostMortem]) -> None:
    for postmortem in postmortems.select_related("incident", "facilitator"):
        remove_attendees_without_access(postmortem, by=row.actor)
