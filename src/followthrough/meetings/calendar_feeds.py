"""A person's private calendar feed (iCalendar): meetings, check-ins and the dates of their actions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from followthrough.actions import queries as actions
from followthrough.actions.models import ActionItem
from followthrough.calendars.operations import own_suffix
from followthrough.meetings import queries
from followthrough.meetings.itip import new_calendar, subscribed
from followthrough.meetings.models import Meeting
from followthrough.people.models import User
from followthrough.postmortems.models import Participant

if TYPE_CHECKING:
    from icalendar import Event

_KEPT = timedelta(days=90)
"""How long what has passed stays in the feed."""


def feed_of(person: User) -> bytes:
    """The feed as it stands; what was called off, declined, done or handed on is no longer in it."""
    calendar = new_calendar("PUBLISH")
    calendar.add("x-wr-calname", "Followthrough")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for meeting in _meetings(person):
        calendar.add_component(subscribed(meeting))
    for action in _actions(person):
        calendar.add_component(_due(action))
    return bytes(calendar.to_ical())


def _meetings(person: User) -> list[Meeting]:
    asked = Participant.objects.filter(person=person).exclude(response=Participant.Response.DECLINED)
    mine = Q(postmortem__in=asked.values("postmortem")) | Q(postmortem__facilitator=person)
    rows = queries.visible_to(person).filter(mine, starts_at__gt=timezone.now() - _KEPT)
    rows = rows.exclude(state=Meeting.State.CANCELLED).select_related("postmortem__incident")
    return list(rows.prefetch_related("steps").order_by("starts_at", "pk"))


def _actions(person: User) -> list[ActionItem]:
    rows = actions.visible_to(person).filter(owner=person, state__in=ActionItem.OPEN)
    return list(rows.exclude(due_on=None).order_by("due_on", "number"))


def _due(action: ActionItem) -> Event:
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    event.add("uid", f"action-{action.pk}{own_suffix()}")
    event.add("sequence", action.version)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", action.due_on)
    event.add("summary", f"{action.key} is due: {action.text}")
    event.add("url", f"{settings.BASE_URL}{action.get_absolute_url()}")
    event.add("transp", "TRANSPARENT")
    return event
