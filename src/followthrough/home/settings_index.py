"""The page that leads to everything an administrator can set."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from followthrough.people.access import PersonRequest, for_administrators


class Place(NamedTuple):
    name: str
    url: str
    what: str


PLACES = [
    Place("People and invitations", "/people/", "Who is here, what they may do, and who is invited."),
    Place("Teams", "/settings/teams/", "Who owns services and follows actions through."),
    Place("Services", "/services/", "What can fail: owners, tiers, objectives, dependencies."),
    Place("Severities", "/settings/severities/", "What each level means, and how soon to meet."),
    Place("When a post-mortem is needed", "/settings/rules/", "The rules that decide it, and their reasons."),
    Place("Tags", "/settings/tags/", "Words that tie incidents together."),
    Place("Questions", "/settings/questions/", "What a meeting asks, phase by phase."),
    Place("Import", "/incidents/import/", "Bring incidents in from Markdown, CSV or JSON lines."),
]


@require_safe
@for_administrators
def settings_index(request: PersonRequest) -> HttpResponse:
    """Every settings page with what it is for."""
    return render(request, "home/settings.html", {"places": [place for place in PLACES if _exists(place)]})


def _exists(place: Place) -> bool:
    try:
        resolve(place.url)
    except Resolver404:
        return False
    return True
