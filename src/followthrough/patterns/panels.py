"""What was seen before, on the pages of incidents and before their meetings."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.incidents.models import Incident
from followthrough.patterns.recurrence_candidates import candidates_of
from followthrough.patterns.similar import similarity_search
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem

MIN_WORDS = 3
"""So many words are a sentence rather than a name to look up."""


def seen_before(request: HttpRequest, incident: Incident) -> str:
    """On the incident's page: fetched after it, so that the page itself does not wait."""
    if not isinstance(request.user, User) or not request.user.is_member:
        return ""
    return render_to_string("patterns/later.html", {"incident": incident}, request)


def coming_back(request: HttpRequest, postmortem: PostMortem) -> str:
    """In the pre-read: what this may be the return of, with the earlier actions and what to ask of them."""
    if not isinstance(request.user, User):
        return ""
    found = candidates_of(postmortem.incident, request.user)
    context = {"returns": found, "incident": postmortem.incident}
    return render_to_string("patterns/recurrence_candidates.html", context, request) if found else ""


def seen_before_reading(request: HttpRequest, postmortem: PostMortem) -> str:
    """In the pre-read, where it is part of the text."""
    return _part("patterns/reading.html", request, postmortem, later=False)


def seen_since(request: HttpRequest, postmortem: PostMortem) -> str:
    """At the check-in: what else came that is like it."""
    return _part("patterns/similar_since.html", request, postmortem, later=True)


def sounding_like(request: HttpRequest, text: str) -> str:
    """Below what a search found: incidents that sound like the sentence that somebody typed, fetched afterwards."""
    if not isinstance(request.user, User) or not request.user.is_member or len(text.split()) < MIN_WORDS:
        return ""
    return render_to_string("patterns/similar_text_later.html", {"text": text}, request)


def _part(template: str, request: HttpRequest, postmortem: PostMortem, *, later: bool) -> str:
    user, incident = request.user, postmortem.incident
    if not isinstance(user, User) or not user.is_member:
        return ""
    facts = {
        "incident": incident,
        "later": later,
        "similar": similarity_search.similar_since(incident, user)
        if later
        else similarity_search.similar_to(incident, user),
        "ruled_out": similarity_search.ruled_out(incident, user),
    }
    return render_to_string(template, facts, request)
