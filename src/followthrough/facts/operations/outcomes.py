"""How promised actions turned out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.facts.models import Outcome
from followthrough.incidents.models import Incident

_NEVER_PROMISED = Q(state=ActionItem.State.PROPOSED, committed_at=None)
"""What was promised and then given to somebody else counts on, whatever they answer."""


def refresh_outcomes(keys: Collection[int]) -> None:
    """Writes how the promised actions of these incidents turned out; `mark_recurrences` says whether they held."""
    rows = ActionItem.objects.filter(
        postmortem__in=keys, postmortem__incident__visibility=Incident.Visibility.OPEN, removed_at=None
    ).exclude(Q(state=ActionItem.State.DECLINED, failed_at=None) | _NEVER_PROMISED)
    today = timezone.localdate()
    outcomes = [_outcome(action, today) for action in rows.select_related("finding__cause")]
    Outcome.objects.filter(incident__in=keys).exclude(pk__in=[row.pk for row in outcomes]).delete()
    Outcome.objects.bulk_create(
        outcomes,
        update_conflicts=True,
        unique_fields=["action"],
        update_fields=["incident", "due_month", "in_time", "category", "finished_at"],
    )


def _outcome(action: ActionItem, today: date) -> Outcome:
    cause = action.finding.cause if action.finding else None
    finished = action.done_at if action.state in ActionItem.FINISHED else None
    if action.failed_at:
        finished = action.done_at or action.failed_at
    return Outcome(
        action=action,
        incident_id=action.postmortem_id,
        due_month=action.due_on.replace(day=1) if action.due_on else None,
        in_time=_in_time(action.due_on, finished, today),
        category=cause.category if cause else "",
        finished_at=finished,
    )


def _in_time(due_on: date | None, finished: datetime | None, today: date) -> bool | None:
    """None while it may still be done in time."""
    if due_on is None:
        return None
    if finished is not None:
        return timezone.localdate(finished) <= due_on
    return False if due_on < today else None
