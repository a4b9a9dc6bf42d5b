"""What the frame around every page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

MEMBERS = [
    ("Home", "/"),
    ("Incidents", "/incidents/"),
    ("Meetings", "/meetings/"),
    ("Actions", "/actions/"),
    ("Patterns", "/patterns/"),
]
STAKEHOLDERS = [("Home", "/")]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Navigation and footing for who is signed in, and whether this is the sample organisation."""
    context: dict[str, Any] = {"demo": settings.DEMO, "signed_in": request.user.is_authenticated}
    if not request.user.is_authenticated:
        return context
    person = request.user
    footing = [("Inbox", "/inbox/")]
    if person.is_member:
        footing.append(("People", "/people/"))
    if person.is_administrator:
        footing.append(("Settings", "/settings/"))
    return context | {
        "navigation": _links(request, MEMBERS if person.is_member else STAKEHOLDERS),
        "footing": _links(request, footing),
    }


def _links(request: HttpRequest, places: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"name": name, "url": url, "current": _is_under(request.path, url)} for name, url in places]


def _is_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
