"""What the pages around one meeting share: the lookup and the row of pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from followthrough.core.errors import DomainError
from followthrough.meetings import queries
from followthrough.meetings.models import Meeting
from followthrough.people.access import PersonRequest
from followthrough.postmortems import queries as postmortems
from followthrough.postmortems.models import PostMortem

Page = Callable[..., HttpResponse]

_BEFORE = (
    ("schedule/", "Time"),
    ("attendees/", "Who comes"),
    ("facilitator/", "Facilitator"),
    ("pre-read/", "Pre-read"),
    ("brief/", "Brief"),
    ("room/", "Room"),
)
_BEGUN = (("present/", "Who was there"),)
_AFTER = (("corrections/", "Corrections"), ("summary/", "Summary"), ("check-in/", "Check-in"))


def refusing_to(page: str) -> Callable[[Page], Page]:
    """What a form's operation refuses is said on `page` (an address's name), from where it was sent."""

    def wrap(view: Page) -> Page:
        @wraps(view)
        def refusing(request: PersonRequest, pk: int, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, pk, **kwargs)
            except DomainError as error:
                if error.status not in {409, 422}:
                    raise
                messages.error(request, error.message)
                return redirect(page, pk)

        return refusing

    return wrap


def find(request: PersonRequest, pk: int) -> PostMortem:
    """The post-mortem, if the person may see it; NotThere otherwise."""
    return postmortems.find(request.user, pk)


def base_of(postmortem: PostMortem) -> str:
    """The incident's address, under which all the pages lie."""
    return f"/incidents/{postmortem.key}/"


def draw(
    request: PersonRequest, template: str, postmortem: PostMortem, *, page: str, **facts: Any
) -> HttpResponse:
    """Renders one of the pages with its place in the row of pages."""
    facts.setdefault("meeting", queries.current(postmortem))
    meeting: Meeting | None = facts["meeting"]
    held = bool(meeting and meeting.state == Meeting.State.HELD)
    begun = bool(meeting and meeting.started_at)
    base = base_of(postmortem)
    tabs = [
        {"name": name, "url": base + path, "current": path == page}
        for path, name in (*_BEFORE, *(_BEGUN if begun else ()), *(_AFTER if held else ()))
    ]
    return render(
        request,
        template,
        {"postmortem": postmortem, "incident": postmortem.incident, "tabs": tabs, "base": base, **facts},
    )
