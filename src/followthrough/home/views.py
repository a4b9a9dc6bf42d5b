"""The first page, and the lists that it leads to."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followthrough.core.pages import take_page
from followthrough.home.loop import cells_for, open_promises
from followthrough.home.yours import tasks_of
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Incident
from followthrough.people.access import PersonRequest, for_everyone, for_members

GLANCE = 6
SIZE = 25


@require_safe
@for_everyone
def home(request: PersonRequest) -> HttpResponse:
    """What still needs following through; for stakeholders what was shared with them."""
    if not request.user.is_member:
        return _shared(request)
    if not Incident.objects.exists():
        return render(request, "home/first_steps.html")
    tasks = tasks_of(request.user)
    context = {"cells": cells_for(request.user), "tasks": tasks[:GLANCE], "number": len(tasks)}
    return render(request, "home/home.html", context | {"today": timezone.localtime()})


@require_safe
@for_members
def yours(request: PersonRequest) -> HttpResponse:
    """Everything that waits for the person."""
    return render(request, "home/yours.html", {"tasks": tasks_of(request.user)})


@require_safe
@for_members
def due(request: PersonRequest, kind: str, name: str) -> HttpResponse:
    """The open promises of one kind, those due first on top."""
    rows = open_promises(request.user).filter(kind=kind)
    page = take_page(
        rows.select_related("postmortem__incident__severity", "postmortem__facilitator"),
        order=("due_at", "pk"),
        size=SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "home/due.html", {"page": page, "kind": kind, "name": name, "now": timezone.now()})


def _shared(request: PersonRequest) -> HttpResponse:
    page = take_page(
        incidents.visible_to(request.user).select_related("severity").prefetch_related("services"),
        order=("-shared_at", "-pk"),
        size=SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "home/shared.html", {"page": page})
