"""The full-screen page of the meeting room; its script does the rest over the live socket."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from followthrough.meeting_room.queries.replay import replay_of
from followthrough.meeting_room.queries.wording_hints import hint_on
from followthrough.people.access import PersonRequest, for_members
from followthrough.postmortems import queries as postmortems

MAX_TEXT_CHARACTERS = 4000


@for_members
@require_GET
@ensure_csrf_cookie
def room(request: PersonRequest, pk: int) -> HttpResponse:
    """Open for preparing before the meeting, for everyone in it, and for reading after."""
    postmortem = postmortems.find(request.user, pk)
    return render(
        request, "meeting_room/room.html", {"postmortem": postmortem, "incident": postmortem.incident}
    )


@for_members
@require_GET
def replay(request: PersonRequest, pk: int) -> JsonResponse:
    """What happened to the meeting's records, oldest first, for looking at how it went."""
    postmortem = postmortems.find(request.user, pk)
    return JsonResponse(replay_of(postmortem))


@for_members
@require_POST
def wording(request: PersonRequest, pk: int) -> JsonResponse:
    """What to say of a text while it is typed; nothing is kept of it."""
    postmortem = postmortems.find(request.user, pk)
    text = request.POST.get("text", "")[:MAX_TEXT_CHARACTERS]
    return JsonResponse(hint_on(postmortem, kind=request.POST.get("kind", ""), text=text))
