"""The audit trail of one incident and of everything that belongs to it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from followthrough.activity.queries import history
from followthrough.core.pagination import take_page
from followthrough.incidents import queries
from followthrough.incidents.queries.history import in_words, seen_rows
from followthrough.people.access import PersonRequest, for_members

PAGE_SIZE = 50
KEYSTROKES = "writing.update"
"""What is written together is told by the versions that are kept of it."""


@require_safe
@for_members
def incident_history(request: PersonRequest, pk: int) -> HttpResponse:
    """Who changed what and when, newest first."""
    incident = queries.find(request.user, pk)
    place = {name: request.GET.get(name, "") for name in ("after", "before")}
    rows = seen_rows(history(incident.topic).exclude(kind=KEYSTROKES), request.user)
    page = take_page(rows, order=("-seq",), size=PAGE_SIZE, **place)
    facts = {"incident": incident, "page": page, "events": in_words(page.rows, incident.words)}
    return render(request, "incidents/history.html", facts)
