"""Meetings in the CalDAV calendars of the teams they concern."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task

from followthrough.activity.models import Activity
from followthrough.calendars.models import TeamCalendar
from followthrough.calendars.operations import write_event
from followthrough.incidents.models import Incident
from followthrough.meetings.calendar import entry, uid_of
from followthrough.meetings.models import Meeting
from followthrough.people.models import Team


def follow(meeting: Meeting) -> None:
    """Queues that the meeting, as it stands, gets into the calendars of its teams."""
    for calendar in _calendars_of(meeting.postmortem.incident):
        put.enqueue(calendar.pk, meeting.pk)


def fill(_: Activity, calendar: models.Model) -> None:
    """A calendar that was just connected gets what lies ahead."""
    if isinstance(calendar, TeamCalendar):
        for meeting in _ahead_of(calendar.team):
            put.enqueue(calendar.pk, meeting.pk)


@task()
def put(calendar_id: int, meeting_id: int) -> str:
    """Writes the meeting into the calendar, or takes it out; a failure is raised, so that it is tried again."""
    calendar = TeamCalendar.objects.filter(pk=calendar_id).first()
    meeting = Meeting.objects.select_related("postmortem__incident").filter(pk=meeting_id).first()
    if calendar is None or meeting is None:
        return "nothing to do"
    error = write_event(calendar, name=f"{uid_of(meeting).split('@')[0]}.ics", text=_text(meeting))
    if error:
        raise RuntimeError(error)
    return "written"


def _text(meeting: Meeting) -> str:
    """The event, or "" where it must not be there."""
    open_to_all = meeting.postmortem.incident.visibility == Incident.Visibility.OPEN
    return entry(meeting) if open_to_all and meeting.state != Meeting.State.CANCELLED else ""


def _calendars_of(incident: Incident) -> QuerySet[TeamCalendar]:
    concerned = Q(team__incidents=incident) | Q(team__services__incidents=incident)
    return TeamCalendar.objects.filter(concerned).distinct()


def _ahead_of(team: Team) -> QuerySet[Meeting]:
    concerned = Q(postmortem__incident__teams=team) | Q(postmortem__incident__services__owner=team)
    ahead = Meeting.objects.filter(state=Meeting.State.SCHEDULED, starts_at__gt=timezone.now())
    return ahead.filter(concerned).distinct()
