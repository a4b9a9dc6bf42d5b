"""The list of incidents."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from followthrough.core.pages import Page, take_page
from followthrough.core.panels import draw_notes
from followthrough.incidents import queries, search
from followthrough.incidents.forms.filters import NEWEST, OLDEST, SORTED_MATCHES, IncidentFilters
from followthrough.incidents.models import Incident, Service
from followthrough.people.access import PersonRequest, for_everyone

PAGE_SIZE = 50


@dataclass(frozen=True)
class Line:
    """One row of the list, with what other rooms say of it as safe HTML."""

    incident: Incident
    notes: list[str]


@require_safe
@for_everyone
def incidents(request: PersonRequest) -> HttpResponse:
    """Searched, filtered and sorted by the address; 50 to a page."""
    filters = IncidentFilters(request.GET)
    page = _page(filters, queries.visible_to(request.user), request)
    facts = {"filters": filters, "page": page, "lines": lines_of(page.rows, request)}
    return render(request, "incidents/list.html", facts)


def lines_of(rows: list[Incident], request: PersonRequest) -> list[Line]:
    """The rows with the notes of other rooms, fetched for all of them at once."""
    notes = draw_notes("incident.rows", request, rows)
    return [Line(incident, notes.get(incident.pk, [])) for incident in rows]


def _page(filters: IncidentFilters, visible: QuerySet[Incident], request: PersonRequest) -> Page[Incident]:
    names = Prefetch("services", Service.objects.only("name", "slug"))
    rows = filters.narrow(visible).select_related("severity").prefetch_related(names).defer("what_happened")
    place = {name: request.GET.get(name, "") for name in ("after", "before")}
    if filters.text and filters.order in (NEWEST, OLDEST):
        oldest = filters.order == OLDEST
        return search.take_matches(rows, filters.text, size=PAGE_SIZE, oldest=oldest, **place)
    if filters.text:
        rows = rows.filter(pk__in=search.newest_matches(filters.text, SORTED_MATCHES))
    return take_page(rows, order=filters.order, size=PAGE_SIZE, **place)
