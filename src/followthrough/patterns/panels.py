"""What was seen before, on the pages of incidents and before their meetings."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.patterns.queries.recurrence_candidates import candidates_of
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem


def coming_back(request: HttpRequest, postmortem: PostMortem) -> str:
    """In the pre-read: what this may be the return of, with the earlier actions and what to ask of them."""
    if not isinstance(request.user, User):
        return ""
    found = candidates_of(postmortem.incident, request.user)
    context = {"returns": found, "incident": postmortem.incident}
    return render_to_string("patterns/recurrence_candidates.html", context, request) if found else ""
