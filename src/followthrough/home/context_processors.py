"""Template context processors: what the frame around every page shows."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from followthrough.home.queries.navigation_counts import Counts, counts_for
from followthrough.people.models import User


def frame(request: HttpRequest) -> dict[str, Any]:
    """Navigation and footing for who is signed in, and whether this is the sample organisation.

    Nothing is counted unless the page draws it.
    """
    context: dict[str, Any] = {"demo": settings.DEMO, "signed_in": request.user.is_authenticated}
    person = request.user
    if not isinstance(person, User):
        return context
    counts = cast("Counts", SimpleLazyObject(lambda: counts_for(person)))
    return context | {
        "navigation": SimpleLazyObject(lambda: _navigation(request.path, person, counts)),
        "footing": SimpleLazyObject(lambda: _footing(request.path, person)),
    }


def _navigation(path: str, person: User, counts: Counts) -> list[dict[str, Any]]:
    inbox = _place(path, "Inbox", "/inbox/", counts.unread, "new", hot=True)
    first = [_place(path, "Home", "/"), inbox]
    if not person.is_member:
        return first
    return [
        *first,
        _place(path, "Incidents", "/incidents/"),
        _place(path, "Meetings", "/meetings/", counts.meetings, "ahead"),
        _place(path, "Actions", "/actions/", counts.late, "late", hot=True),
        _place(path, "Patterns", "/patterns/"),
        _place(path, "Insights", "/insights/"),
    ]


def _footing(path: str, person: User) -> list[dict[str, Any]]:
    places = []
    if person.is_member:
        places += [_place(path, "People", "/people/"), _place(path, "Services", "/services/")]
    if person.is_administrator:
        places.append(_place(path, "Settings", "/settings/"))
    return places


def _place(
    path: str, name: str, url: str, count: int = 0, of: str = "", *, hot: bool = False
) -> dict[str, Any]:
    current = path == url or (url != "/" and path.startswith(url))
    return {"name": name, "url": url, "current": current, "count": count, "of": of, "hot": hot}
