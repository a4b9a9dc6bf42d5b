"""The list of meetings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followthrough.core.pagination import take_page
from followthrough.meetings import queries
from followthrough.meetings.countdown import Countdown, window_countdown
from followthrough.people.access import PersonRequest, for_members
from followthrough.postmortems.models import Promise

PAGE_SIZE = 25
_GLANCE = 6


@dataclass(frozen=True)
class Window:
    """A post-mortem whose meeting has no time yet, and how long its window lasts."""

    promise: Promise
    countdown: Countdown


@require_safe
@for_members
def meetings(request: PersonRequest) -> HttpResponse:
    """Today, ahead and what is still to schedule; or all to schedule; or the past."""
    show = request.GET.get("show", "")
    context = {"to-schedule": _to_schedule, "past": _past}.get(show, _ahead)(request)
    tabs = (("", "Ahead"), ("to-schedule", "To schedule"), ("past", "Past"))
    current = show if show in dict(tabs) else ""
    return render(
        request, "meetings/list.html", {"tabs": tabs, "show": current, "now": timezone.now(), **context}
    )


def _ahead(request: PersonRequest) -> dict[str, Any]:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + timedelta(days=1)
    page = take_page(
        queries.with_people(queries.ahead(request.user, after=tomorrow)),
        order=("starts_at", "pk"),
        size=PAGE_SIZE,
        **_cursors(request),
    )
    waiting = queries.unscheduled(request.user).order_by("due_at", "pk")[: _GLANCE + 1]
    windows = _windows(list(waiting))
    at_hand = queries.with_people(queries.at_hand(request.user, until=tomorrow))[: 2 * PAGE_SIZE]
    return {
        "page": page,
        "overdue": [one for one in at_hand if one.starts_at < midnight],
        "today": [one for one in at_hand if one.starts_at >= midnight],
        "windows": windows[:_GLANCE],
        "more": len(windows) > _GLANCE,
    }


def _to_schedule(request: PersonRequest) -> dict[str, Any]:
    rows = queries.unscheduled(request.user)
    page = take_page(rows, order=("due_at", "pk"), size=PAGE_SIZE, **_cursors(request))
    return {"page": page, "windows": _windows(page.rows)}


def _past(request: PersonRequest) -> dict[str, Any]:
    rows = queries.with_people(queries.past(request.user))
    return {"page": take_page(rows, order=("-starts_at", "-pk"), size=PAGE_SIZE, **_cursors(request))}


def _cursors(request: PersonRequest) -> dict[str, str]:
    return {"after": request.GET.get("after", ""), "before": request.GET.get("before", "")}


def _windows(promises: list[Promise]) -> list[Window]:
    now = timezone.now()
    return [Window(promise, window_countdown(promise, now)) for promise in promises]
