"""What was seen before, on the pages of incidents, in pre-reads and at check-ins."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.incidents.models import Incident
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.similarity.queries import similarity_search

MIN_WORDS = 3
"""So many words are a sentence rather than a name to look up."""


def seen_before(request: HttpRequest, incident: Incident) -> str:
    """On the incident's page: fetched after it, so that the page itself does not wait."""
    if not isinstance(request.user, User) or not request.user.is_member:
        return ""
    return render_to_string("similarity/later.html", {"incident": incident}, request)


def seen_before_reading(request: HttpRequest, postmortem: PostMortem) -> str:
    """In the pre-read, where it is part of the text."""
    return _part("similarity/reading.html", request, postmortem, later=False)


def seen_since(request: HttpRequest, postmortem: PostMortem) -> str:
    """At the check-in: what else came that is like it."""
    return _part("similarity/similar_since.html", request, postmortem, later=True)


def sounding_like(request: HttpRequest, text: str) -> str:
    """Below what a search found: incidents that sound like the sentence that somebody typed, fetched afterwards."""
    if not isinstance(request.user, User) or not request.user.is_member or len(text.split()) < MIN_WORDS:
        return ""
    return render_to_string("similarity/similar_text_later.html", {"text": text}, request)


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
