"""The list of incidents."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from followthrough.core.panels import render_panels
from followthrough.incidents import queries
from followthrough.incidents.forms.filters import IncidentFilters
from followthrough.incidents.views.incident_rows import lines_of, rows_shown
from followthrough.people.access import PersonRequest, for_everyone

PAGE_SIZE = 50


@require_safe
@for_everyone
def incidents(request: PersonRequest) -> HttpResponse:
    """Searched, filtered and sorted by the address; 50 to a page. Stakeholders have what was published, on their first
    page: a search of the live record would tell them what stands in it."""
    if not request.user.is_member:
        return redirect("home")
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
        "panels": render_panels("incidents.found", request, request.GET.get("q", "")),
    }
    return render(request, "incidents/list.html", facts)
