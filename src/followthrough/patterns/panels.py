"""What was seen before, on the pages of incidents and before their meetings."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.incidents.models import Incident
from followthrough.patterns.queries import similar_to
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem


def seen_before(request: HttpRequest, incident: Incident) -> str:
    """On the incident's page: fetched after it, so that the page itself does not wait."""
    if not isinstance(request.user, User) or not request.user.is_member:
        return ""
    return render_to_string("patterns/later.html", {"incident": incident}, request)


def seen_before_reading(request: HttpRequest, postmortem: PostMortem) -> str:
    """In the pre-read, where it is part of the text."""
    if not isinstance(request.user, User):
        return ""
    found = similar_to(postmortem.incident, request.user)
    return render_to_string("patterns/reading.html", {"similar": found}, request)
