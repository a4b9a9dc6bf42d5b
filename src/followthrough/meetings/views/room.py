"""The full-screen page of the meeting room; its script does the rest over the live socket."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from followthrough.people.access import PersonRequest, for_members
from followthrough.postmortems import queries as postmortems


@for_members
@require_GET
@ensure_csrf_cookie
def room(request: PersonRequest, pk: int) -> HttpResponse:
    """Open for preparing before the meeting, for everyone in it, and for reading after."""
    postmortem = postmortems.find(request.user, pk)
    return render(request, "meetings/room.html", {"postmortem": postmortem, "incident": postmortem.incident})
