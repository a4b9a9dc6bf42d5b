"""Meetings in the CalDAV calendars of the teams they concern."""

from __future__ import annotations

from typing import cast

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task

from followthrough.activity.models import Activity
from followthrough.calendars.models import TeamCalendar
from followthrough.calendars.operations import write_event
from followthrough.core.field_changes import Changes
from followthrough.incidents.models import Incident
from followthrough.meetings.models import Meeting
from followthrough.people.models import Team
from followthrough.scheduling.itip import entry

_SHOWN = {"title", "visibility", "teams", "services"}


def sync_meetings(meeting: Meeting) -> None:
    """Queues that the meeting, as it stands, gets into the calendars of its teams."""
    for calendar in _calendars_of(meeting.postmortem.incident):
        put_event.enqueue(calendar.pk, meeting.pk)


def sync_incident(row: Activity, incident: models.Model) -> None:
    """The same for what lies ahead once the incident is called otherwise, restricted, or concerns other teams."""
    if not _SHOWN & row.changes.keys():
        return
    calendars = _calendars_of(cast("Incident", incident)) | _calendars_before(row.changes)
    for meeting in Meeting.objects.filter(postmortem=incident.pk, state=Meeting.State.SCHEDULED):
        for calendar in calendars:
            put_event.enqueue(calendar.pk, meeting.pk)


def _calendars_before(changes: Changes) -> QuerySet[TeamCalendar]:
    """Those of teams that the incident concerned until now."""
    teams, services = (changes.get(name, [[]])[0] for name in ("teams", "services"))
    concerned = Q(team__name__in=teams) | Q(team__services__name__in=services)
    return TeamCalendar.objects.filter(concerned).distinct()


def sync_team(_: Activity, calendar: models.Model) -> None:
    """A calendar that was just connected gets what lies ahead."""
    if isinstance(calendar, TeamCalendar):
        for meeting in _ahead_of(calendar.team):
            put_event.enqueue(calendar.pk, meeting.pk)


@task()
def put_event(calendar_id: int, meeting_id: int) -> str:
    """Writes the meeting into the calendar, or takes it out; a failure is raised, so that it is tried again."""
    calendar = TeamCalendar.objects.filter(pk=calendar_id).first()
    meeting = Meeting.objects.select_related("postmortem__incident").filter(pk=meeting_id).first()
    if calendar is None or meeting is None:
        return "nothing to do"
    error = write_event(calendar, name=f"{meeting.uid.split('@')[0]}.ics", text=_text(meeting, calendar))
    if error:
        raise RuntimeError(error)
    return "written"


def _text(meeting: Meeting, calendar: TeamCalendar) -> str:
    """The event, or "" where it must not be there."""
    incident = meeting.postmortem.incident
    open_to_all = incident.visibility == Incident.Visibility.OPEN
    if not open_to_all or meeting.state == Meeting.State.CANCELLED:
        return ""
    return entry(meeting) if _calendars_of(incident).filter(pk=calendar.pk).exists() else ""


def _calendars_of(incident: Incident) -> QuerySet[TeamCalendar]:
    concerned = Q(team__incidents=incident) | Q(team__services__incidents=incident)
    return TeamCalendar.objects.filter(concerned).distinct()


def _ahead_of(team: Team) -> QuerySet[Meeting]:
    concerned = Q(postmortem__incident__teams=team) | Q(postmortem__incident__services__owner=team)
    ahead = Meeting.objects.filter(state=Meeting.State.SCHEDULED, starts_at__gt=timezone.now())
    return ahead.filter(concerned).distinct()
