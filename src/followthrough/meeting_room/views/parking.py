"""What was parked, settled after the meeting."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from followthrough.meeting_room.operations import contributions
from followthrough.meetings import queries
from followthrough.meetings.phrasing import path_of
from followthrough.people.access import PersonRequest, for_members
from followthrough.postmortems.queries import find


@require_POST
@for_members
def settlement(request: PersonRequest, pk: int, key: UUID) -> HttpResponse:
    """Ticks off a parked item, from the check-in's agenda."""
    postmortem = find(request.user, pk)
    contributions.settle_parked(queries.find_parked(postmortem, key), by=request.user)
    messages.success(request, "Settled. The summary says so as well.")
    return redirect(path_of(postmortem, "check-in/"))
