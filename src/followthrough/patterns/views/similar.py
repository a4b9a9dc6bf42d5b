"""What was seen before an incident."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from followthrough.incidents import queries as incidents
from followthrough.patterns import queries
from followthrough.people.access import PersonRequest, for_members


@require_safe
@for_members
def similar(request: PersonRequest, pk: int) -> HttpResponse:
    """What was seen before an incident: a fragment for its page, which does not wait for it."""
    found = incidents.find(request.user, pk)
    similar = queries.similar_to(found, request.user)
    alone = "HX-Request" not in request.headers
    template = "patterns/similar_page.html" if alone else "patterns/similar.html"
    return render(request, template, {"incident": found, "similar": similar})
