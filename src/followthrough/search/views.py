"""Finding anything: a page, and the list that the palette shows while somebody types."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from followthrough.people.access import PersonRequest, for_everyone
from followthrough.search import queries

MAX_ASKED_CHARACTERS = 2_000
IN_PALETTE, ON_PAGE = 5, 20


@require_safe
@for_everyone
def search(request: PersonRequest) -> HttpResponse:
    """What is found by `q`; the palette asks for the list alone."""
    text = request.GET.get("q", "").strip()[:MAX_ASKED_CHARACTERS]
    is_palette = "palette" in request.GET
    groups = (
        queries.find(request.user, text, at_most=IN_PALETTE if is_palette else ON_PAGE)
        if text
        else queries.offered(request.user)
    )
    facts = {"text": text, "groups": groups, "count": sum(len(group.hits) for group in groups)}
    return render(request, "search/options.html" if is_palette else "search/page.html", facts)
