"""The first page, and the lists that it leads to."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followthrough.core.pagination import take_page
from followthrough.core.panels import render_panels
from followthrough.facts import queries as facts
from followthrough.facts.queries import Share
from followthrough.home.queries.cached_figures import cached_figures
from followthrough.home.queries.my_tasks import tasks_of
from followthrough.home.queries.overview import cells_for, open_promises
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Service
from followthrough.incidents.publications import publications_of
from followthrough.patterns import drawing
from followthrough.patterns import queries as patterns
from followthrough.patterns.models import Pattern
from followthrough.patterns.pattern_state import note_of, tone_of
from followthrough.people.access import PersonRequest, for_everyone, for_members
from followthrough.people.models import Team, User

GLANCE = 6
LOOKED_AT = 15
"""Of each sort of task; with as many, more may wait than were counted."""
COMING_BACK = 3
SIZE = 25


@require_safe
@for_everyone
def home(request: PersonRequest) -> HttpResponse:
    """What still needs following through; for stakeholders what was shared with them."""
    if not request.user.is_member:
        return _shared(request)
    if not incidents.visible_to(request.user).exists():
        return render(request, "home/first_steps.html", _first_steps())
    figures = cached_figures("home", request.user, lambda: _figures(request.user))
    asked = render_panels("asked", request, request.user)
    return render(request, "home/home.html", {"today": timezone.localtime(), "asked": asked, **figures})


def _first_steps() -> dict[str, bool]:
    """What is there already, so that the first hour begins with what the next step needs."""
    return {
        "has_teams": Team.objects.exists(),
        "has_services": Service.objects.exists(),
        "is_alone": User.objects.filter(is_active=True).count() < 2,
    }


def _figures(person: User) -> dict[str, object]:
    tasks = tasks_of(person, at_most=LOOKED_AT)
    yours = {
        "tasks": tasks[:GLANCE],
        "more": len(tasks) > GLANCE,
        "number": len(tasks) if len(tasks) < LOOKED_AT else 0,
    }
    return yours | {"cells": cells_for(person), "coming_back": _coming_back(person)} | _punctuality()


def _coming_back(person: User) -> list[tuple[Pattern, str, str]]:
    """The patterns that need people most: (pattern, words, tone)."""
    rows = patterns.visible_to(person).order_by("urgency", "-incidents", "-pk")
    now = timezone.now()
    return [(row, ": ".join(note_of(row, now)), tone_of(row, now)) for row in rows[:COMING_BACK]]


def _punctuality() -> dict[str, object]:
    """The drawing of actions done in time, once there are enough of them."""
    months = [month for month in facts.punctuality() if month.share.whole]
    whole = Share(sum(month.share.part for month in months), sum(month.share.whole for month in months))
    drawn = drawing.punctuality(months) if whole.is_enough and len(months) > 1 else ""
    since = months[0].first if months else None
    return {"in_time": whole, "needed": facts.MIN_ACTIONS, "punctuality": drawn, "since": since}


@require_safe
@for_members
def my_tasks(request: PersonRequest) -> HttpResponse:
    """Everything that waits for the person."""
    asked = render_panels("asked", request, request.user)
    return render(request, "home/my_tasks.html", {"tasks": tasks_of(request.user), "asked": asked})


@require_safe
@for_members
def due(request: PersonRequest, kind: str, name: str) -> HttpResponse:
    """The open promises of one kind, those due first on top."""
    rows = open_promises(request.user).filter(kind=kind)
    page = take_page(
        rows.select_related("postmortem__incident__severity", "postmortem__facilitator").prefetch_related(
            "postmortem__omissions"
        ),
        order=("due_at", "pk"),
        size=SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "home/due.html", {"page": page, "kind": kind, "name": name, "now": timezone.now()})


def _shared(request: PersonRequest) -> HttpResponse:
    page = take_page(
        incidents.visible_to(request.user).select_related("severity"),
        order=("-shared_at", "-pk"),
        size=SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    published = publications_of(page.rows)
    lines = [(incident, published[incident.pk]) for incident in page.rows]
    return render(request, "home/shared.html", {"page": page, "lines": lines})
