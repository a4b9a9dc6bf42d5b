"""Reading what a check-in looks at."""

from __future__ import annotations

from django.db.models import QuerySet

from followthrough.actions.models import ActionItem
from followthrough.actions.queries import actions_of
from followthrough.check_ins.models import CheckInOutcome
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Incident
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem


def open_actions_of(postmortem: PostMortem) -> list[ActionItem]:
    """Actions that are neither done nor declined."""
    return [action for action in actions_of(postmortem) if action.is_open]


def recurred_since(postmortem: PostMortem, user: User) -> QuerySet[Incident]:
    """Incidents of the same services that began after the meeting closed, the latest first."""
    services = postmortem.incident.services.values("pk")
    since = postmortem.closed_at or postmortem.incident.ended_at or postmortem.incident.began_at
    rows = incidents.visible_to(user).filter(services__in=services, began_at__gt=since)
    return rows.exclude(pk=postmortem.pk).select_related("severity").distinct().order_by("-began_at")


def outcomes_of(action: ActionItem) -> list[CheckInOutcome]:
    """What check-ins said of the action, the latest first."""
    return list(CheckInOutcome.objects.filter(action=action).select_related("by").order_by("-at", "-pk"))
