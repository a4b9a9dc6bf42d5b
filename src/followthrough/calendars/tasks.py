"""Reading calendars in turn, several at a time, never long."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from django.utils import timezone

from followthrough.calendars import operations
from followthrough.calendars.asking import ask
from followthrough.calendars.models import BusyCalendar
from followthrough.core.errors import DomainError

AT_ONCE = 4
BUDGET = 20.0
"""Seconds after which a round begins no more readings; the rest follow in the next."""


def read_calendars() -> int:
    """Reads the calendars whose turn it is; returns how many. Two workers never read the same one at once."""
    now, ends, count = timezone.now(), time.monotonic() + BUDGET, 0
    while time.monotonic() < ends and (mine := _next(now)):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(_ask, [(calendar.kind, _question(calendar, now)) for calendar in mine]))
        for calendar, answer in zip(mine, answers, strict=True):
            operations.take_in(calendar, answer)
        count += len(mine)
    return count


def _next(now: datetime) -> list[BusyCalendar]:
    due = BusyCalendar.objects.filter(next_at__lte=now, person__is_active=True).order_by("next_at")
    return [calendar for calendar in due.select_related("person")[:AT_ONCE] if _claim(calendar, now)]


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
