"""The list of incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followthrough.core.panels import draw_notes, draw_panels
from followthrough.incidents import queries
from followthrough.incidents.forms.filters import IncidentFilters
from followthrough.incidents.models import Incident
from followthrough.people.access import PersonRequest, for_everyone

PAGE_SIZE = 50
SHOWN = (
    *("title", "kind", "status", "review", "visibility", "began_at", "ended_at"),
    *("severity__name", "severity__rank"),
)


@dataclass(frozen=True)
class Line:
    """One row of the list, with its services' names and what other rooms say of it as safe HTML."""

    incident: Incident
    services: list[str]
    notes: list[str]

    @property
    def began(self) -> datetime:
        """On the viewer's clock."""
        return timezone.localtime(self.incident.began_at)

    @property
    def began_in_words(self) -> str:
        return f"{self.began.day} {self.began:%b %Y %H:%M}"


@require_safe
@for_everyone
def incidents(request: PersonRequest) -> HttpResponse:
    """Searched, filtered and sorted by the address; 50 to a page."""
    filters = IncidentFilters(request.GET)
    page = filters.page(
        rows_shown(queries.visible_to(request.user)),
        size=PAGE_SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    facts = {
        "filters": filters,
        "page": page,
        "lines": lines_of(page.rows, request),
        "panels": draw_panels("incidents.found", request, request.GET.get("q", "")),
    }
    return render(request, "incidents/list.html", facts)


def lines_of(rows: list[Incident], request: PersonRequest) -> list[Line]:
    """The rows with their services and the notes of other rooms, fetched for all of them at once."""
    notes = draw_notes("incident.rows", request, rows)
    services = queries.services_of(rows)
    return [Line(incident, services[incident.pk], notes.get(incident.pk, [])) for incident in rows]


def rows_shown(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """What a row of the list needs, and not the long texts."""
    return rows.select_related("severity").only(*SHOWN)
