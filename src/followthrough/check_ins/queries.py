"""Reading what a check-in looks at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from followthrough.actions.models import ActionItem
from followthrough.actions.queries import actions_of
from followthrough.check_ins.models import CheckInOutcome
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Incident
from followthrough.meetings.models import Meeting
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


def last_outcomes(actions: Collection[ActionItem]) -> dict[UUID, CheckInOutcome]:
    """{action: what was said of it last}, of those that a check-in looked at; one query."""
    rows = CheckInOutcome.objects.filter(action__in=[row.pk for row in actions]).order_by("at", "pk")
    return {row.action_id: row for row in rows}


def check_ins_of(incident: Incident) -> list[tuple[Meeting, str]]:
    """The incident's check-ins in order, each with what it said in words ("2 verified, 1 did not hold"); two queries."""
    rows = Meeting.objects.filter(postmortem=incident.pk, kind=Meeting.Kind.CHECK_IN)
    meetings = list(rows.exclude(state=Meeting.State.CANCELLED).order_by("starts_at", "pk"))
    if not meetings:
        return []
    said: dict[int, Counter[str]] = defaultdict(Counter)
    for meeting, outcome in (
        CheckInOutcome.objects.filter(meeting__in=meetings).order_by("pk").values_list("meeting", "outcome")
    ):
        said[meeting][CheckInOutcome.Outcome(outcome).label.lower()] += 1
    return [
        (row, ", ".join(f"{number} {words}" for words, number in said[row.pk].items())) for row in meetings
    ]
