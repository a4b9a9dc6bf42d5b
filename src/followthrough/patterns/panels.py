"""What was seen before, on the pages of incidents and before their meetings."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.actions.models import ActionItem
from followthrough.actions.queries import visible_to as visible_actions
from followthrough.incidents.models import Incident
from followthrough.incidents.queries import visible_to as visible_incidents
from followthrough.patterns.models import Strike
from followthrough.patterns.queries.recurrence_candidates import candidates_of
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem

MAX_STRIKES = 5


def coming_back(request: HttpRequest, postmortem: PostMortem) -> str:
    """In the pre-read: what this may be the return of, with the earlier actions and what to ask of them."""
    if not isinstance(request.user, User):
        return ""
    found = candidates_of(postmortem.incident, request.user)
    context = {"returns": found, "incident": postmortem.incident}
    return render_to_string("patterns/recurrence_candidates.html", context, request) if found else ""


def struck_incident(request: HttpRequest, incident: Incident) -> str:
    """On the incident's page: which unproven fixes it struck in spite of."""
    return _struck(request, Strike.objects.filter(incident=incident.pk))


def struck_reading(request: HttpRequest, postmortem: PostMortem) -> str:
    """The same, first in the pre-read; also what struck since, before the check-in."""
    return _struck(
        request, Strike.objects.filter(Q(incident=postmortem.pk) | Q(action__postmortem=postmortem.pk))
    )


def struck_action(request: HttpRequest, action: ActionItem) -> str:
    """On the page of the fix."""
    return _struck(request, Strike.objects.filter(action=action.pk))


def _struck(request: HttpRequest, rows: QuerySet[Strike]) -> str:
    """Those of which the reader may see both sides."""
    if not isinstance(request.user, User) or not request.user.is_member:
        return ""
    seen = rows.filter(incident__in=visible_incidents(request.user), action__in=visible_actions(request.user))
    related = ("incident", "action__owner", "action__postmortem__incident")
    strikes = list(seen.select_related(*related).order_by("-at", "-pk")[:MAX_STRIKES])
    return render_to_string("patterns/struck_again.html", {"strikes": strikes}, request) if strikes else ""
