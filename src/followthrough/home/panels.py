"""What the way of an incident adds to its page and to the list."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html

from followthrough.home import incident_progress
from followthrough.home.queries.progress_facts import facts_of, meetings_and_promises
from followthrough.incidents.models import Incident
from followthrough.people.models import User


def progress_panel(request: HttpRequest, incident: Incident) -> str:
    """The drawn way from the incident to its check-in, with the next step; members only."""
    user = request.user
    if not isinstance(user, User) or not user.is_member:
        return ""
    facts = facts_of(incident, user)
    if facts.postmortem is None and incident.review != Incident.Review.NEEDED and facts.is_over:
        return ""
    context = {
        "incident": incident,
        "facts": facts,
        "steps": incident_progress.steps_of(facts),
        "next": incident_progress.next_of(facts),
        "countdown": incident_progress.countdown_of(facts),
        "closed_words": incident_progress.closed_words(facts),
    }
    return render_to_string("home/progress.html", context, request)


def countdowns(request: HttpRequest, incidents: list[Incident]) -> dict[int, str]:
    """What runs out next for each incident of a list that has a meeting; two queries.

    Until there is one, the post-mortem's own note tells of its window.
    """
    user = request.user
    if not isinstance(user, User) or not user.is_member:
        return {}
    now = timezone.now()
    said: dict[int, str] = {}
    for row, meeting, promises in meetings_and_promises(incidents):
        facts = incident_progress.ProgressFacts(row, None, meeting, None, (), promises, user, now)
        if countdown := incident_progress.countdown_of(facts):
            said[row.pk] = format_html('<span class="chip {}">{}</span>', countdown.tone, countdown.words)
    return said
