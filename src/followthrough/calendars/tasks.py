"""Reading calendars in turn, several at a time, never long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from django.utils import timezone

from followthrough.calendars import operations
from followthrough.calendars.asking import ask
from followthrough.calendars.models import BusyCalendar
from followthrough.core.errors import DomainError

AT_ONCE = 3
MOST = 30
"""Calendars of one round; the rest follow in the next."""


def read_calendars() -> int:
    """Reads the calendars whose turn it is; returns how many. Two workers never read the same one at once."""
    now = timezone.now()
    due = BusyCalendar.objects.filter(next_at__lte=now, person__is_active=True).order_by("next_at")
    mine = [calendar for calendar in due.select_related("person")[:MOST] if _claim(calendar, now)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(_ask, [(calendar.kind, _question(calendar, now)) for calendar in mine]))
    for calendar, answer in zip(mine, answers, strict=True):
        operations.take_in(calendar, answer)
    return len(mine)


def _claim(calendar: BusyCalendar, now: datetime) -> bool:
    waiting = BusyCalendar.objects.filter(pk=calendar.pk, next_at=calendar.next_at)
    return bool(waiting.update(next_at=now + operations.EVERY))


def _question(calendar: BusyCalendar, now: datetime) -> dict[str, Any]:
    try:
        return operations.question_for(calendar, now)
    except DomainError as error:
        return {"error": error.message}


def _ask(asked: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    kind, question = asked
    return question if "error" in question else ask(f"read {kind}", **question)
