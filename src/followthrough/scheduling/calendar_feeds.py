"""A person's private calendar feed (iCalendar): meetings, check-ins and the dates of their actions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.meetings.models import Meeting
from followthrough.scheduling.itip import new_calendar, subscribed

if TYPE_CHECKING:
    from icalendar import Event


def feed_of(meetings: Iterable[Meeting], actions: Iterable[ActionItem]) -> bytes:
    """A feed of the meetings and of the dates of the actions."""
    calendar = new_calendar("PUBLISH")
    calendar.add("x-wr-calname", "Followthrough")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for meeting in meetings:
        calendar.add_component(subscribed(meeting))
    for action in actions:
        calendar.add_component(_due(action))
    return bytes(calendar.to_ical())


def _due(action: ActionItem) -> Event:
    from icalendar import Event  # noqa: PLC0415 - only calendar files need it

    event = Event()
    event.add("uid", f"action-{action.pk}")
    event.add("sequence", action.version)
    event.add("dtstamp", timezone.now())
    event.add("created", action.created_at)
    event.add("dtstart", action.due_on)
    event.add("summary", f"{action.key} is due: {action.text}")
    event.add("url", f"{settings.BASE_URL}{action.get_absolute_url()}")
    event.add("transp", "TRANSPARENT")
    return event
