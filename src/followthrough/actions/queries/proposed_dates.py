"""Dates that owners would rather have, and who agrees to them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from followthrough.actions.models import ActionItem
from followthrough.actions.queries import visible_to
from followthrough.people.models import User


def asker_of(action: ActionItem) -> User | None:
    """Who asked its owner: who committed on their behalf, gave it to them, or else led the meeting or wrote it down."""
    known = (action.committed_by, action.given_by, action.postmortem.facilitator, action.author)
    return next((one for one in known if one and one.is_active and one.pk != action.owner_id), None)


def may_answer_date(action: ActionItem, person: User) -> bool:
    """Whoever asked, and who leads the meeting."""
    known = {action.committed_by_id, action.given_by_id, action.postmortem.facilitator_id}
    return person.pk != action.owner_id and (person.pk in known or person == asker_of(action))


def proposed_to(person: User) -> QuerySet[ActionItem]:
    """Open actions whose owners would rather have another date, for `person` to agree to; the longest waiting first."""
    asked = Q(given_by=person) | Q(committed_by=person) | Q(postmortem__facilitator=person)
    waiting = visible_to(person).filter(asked | Q(given_by=None, author=person), accepted_at=None)
    waiting = waiting.filter(stage=ActionItem.Stage.OPEN, asked_at__isnull=False)
    return waiting.exclude(proposed_due_on=None).exclude(owner=person).order_by("proposed_at", "number")
