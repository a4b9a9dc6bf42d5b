"""Reading calendars in turn, several at a time, never long."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from followthrough.calendars import operations
from followthrough.calendars.models import BusyCalendar, CalendarCheck
from followthrough.calendars.reader_client import ask_reader
from followthrough.core.errors import DomainError
from followthrough.jobs.work_claims import claim

log = logging.getLogger(__name__)

CALENDARS_AT_ONCE = 4
CHECKS_AT_ONCE = 8
_LOST_AFTER = timedelta(minutes=1)
_checkers = ThreadPoolExecutor(CHECKS_AT_ONCE, thread_name_prefix="calendar-check")
_running: set[Future[None]] = set()
BUDGET_SECONDS = 20.0
"""Seconds after which a round begins no more readings; the rest follow in the next."""


def read_calendars() -> int:
    """Reads the calendars whose turn it is; returns how many. Two workers never read the same one at once."""
    now, ends, count = timezone.now(), time.monotonic() + BUDGET_SECONDS, 0
    while time.monotonic() < ends and (mine := _next(now)):
        with ThreadPoolExecutor(CALENDARS_AT_ONCE) as pool:
            answers = list(pool.map(_ask, [(calendar.kind, _question(calendar, now)) for calendar in mine]))
        for calendar, answer in zip(mine, answers, strict=True):
            operations.store_reading(calendar, answer)
        count += len(mine)
    return count


def begin_checks(_worker: str, _stop: threading.Event) -> int:
    """Begins what people wait for, in threads of its own: no server elsewhere holds up other work; returns how many."""
    _running.difference_update([future for future in _running if future.done()])
    claimed = claim_checks(CHECKS_AT_ONCE - len(_running))
    _running.update(_checkers.submit(_carry_out, check) for check in claimed)
    return len(claimed)


def claim_checks(most: int = CHECKS_AT_ONCE) -> list[CalendarCheck]:
    """The checks that wait longest, for this worker alone; those of a worker that is gone are taken over."""
    now = timezone.now()
    is_free = Q(claimed_at=None) | Q(claimed_at__lt=now - _LOST_AFTER)
    waiting = CalendarCheck.objects.filter(is_free, done_at=None, asked_at__gt=now - CalendarCheck.GIVEN_UP)
    rows = waiting.select_related("person", "team", "calendar__person").order_by("asked_at")[: max(most, 0)]
    return [row for row in rows if claim(waiting.filter(pk=row.pk), claimed_at=now)]


def _carry_out(check: CalendarCheck) -> None:
    try:
        operations.carry_out_check(check)
    except Exception:
        log.exception("The calendar check of %s failed.", check.person_id)
    finally:
        connection.close()


def _next(now: datetime) -> list[BusyCalendar]:
    due = BusyCalendar.objects.filter(next_at__lte=now, person__is_active=True).order_by("next_at")
    return [
        calendar for calendar in due.select_related("person")[:CALENDARS_AT_ONCE] if _claim(calendar, now)
    ]


def _claim(calendar: BusyCalendar, now: datetime) -> bool:
    waiting = BusyCalendar.objects.filter(pk=calendar.pk, next_at=calendar.next_at)
    return bool(claim(waiting, next_at=now + operations.READ_INTERVAL))


def _question(calendar: BusyCalendar, now: datetime) -> dict[str, Any]:
    try:
        return operations.reader_request(calendar, now)
    except DomainError as error:
        return {"error": error.message}


def _ask(asked: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    kind, question = asked
    return question if "error" in question else ask_reader(f"read {kind}", **question)
