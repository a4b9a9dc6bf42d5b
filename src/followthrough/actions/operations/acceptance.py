"""Acceptance: who gave an action to its owner, and what the owner says to that.

An action is a promise of its owner. Who was given one by somebody else, and is not there to say yes, is asked: it stays a
proposal until they accept it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.core.errors import DomainError
from followthrough.people.models import User
from followthrough.records import operations as records

S = ActionItem.State
_UNANSWERED = {"accepted_at": None, "committed_by": None}


def ownership(owner: User | None, *, by: User | None, here: Collection[int] = ()) -> dict[str, Any]:
    """What an action notes as it gets another owner. `here` are the keys of those who are in the room with `by`."""
    now = timezone.now()
    if owner is None:
        return {"given_at": None, "given_by": None, "asked_at": None, **_UNANSWERED}
    fresh = {"given_at": now, "given_by": by, "handed_back_at": None, "handed_back_reason": ""}
    if owner == by:
        return {**fresh, "asked_at": None, **_UNANSWERED, "accepted_at": now}
    return {**fresh, "asked_at": None if owner.pk in here else now, **_UNANSWERED}


def handing_over(
    action: ActionItem, owner: User | None, *, by: User | None, here: Collection[int] = ()
) -> dict[str, Any]:
    """What changes with the owner; {} where they are the owner already. Nobody inherits another's promise."""
    if owner == action.owner:
        return {}
    values = ownership(owner, by=by, here=here)
    if action.state in {S.COMMITTED, S.IN_PROGRESS}:
        values |= {"committed_by": by} if owner == by else {"state": S.PROPOSED}
    return values


def saying_yes(action: ActionItem, by: User | None) -> dict[str, Any]:
    """What is noted besides as somebody moves an action on: an owner who works on it has accepted it."""
    is_theirs = by is not None and by.pk == action.owner_id
    return {"accepted_at": timezone.now()} if is_theirs and not action.accepted_at else {}


@transaction.atomic
def accept(action: ActionItem, *, by: User, due_on: date | None = None) -> ActionItem:
    """Its owner takes it on, by another date if `due_on` says so. DomainError without any date, or for anybody else."""
    _check_owner(action, by, "accept it")
    if action.accepted_at and action.state != S.PROPOSED:
        raise DomainError(f"You accepted {action.key} already. Nothing was changed.")
    due_on = due_on or action.due_on
    if due_on is None:
        raise DomainError(f"{action.key} has no date yet. Say by when it will be done.", field="due_on")
    if due_on != action.due_on and due_on < timezone.localdate():
        raise DomainError("That day has passed. Choose one ahead.", field="due_on")
    now = timezone.now()
    values: dict[str, Any] = {"due_on": due_on, "accepted_at": now}
    if action.state == S.PROPOSED:
        values |= {"state": S.COMMITTED, "committed_at": action.committed_at or now, "committed_by": by}
    records.revise(action, values, by=by, base=action.version, verb="accepted")
    return action


@transaction.atomic
def hand_back(action: ActionItem, *, by: User, reason: str = "") -> ActionItem:
    """Its owner cannot take it on: it has no owner again, and whoever gave it to them looks for another."""
    _check_owner(action, by, "hand it back")
    reason = records.reason(reason)
    values = ownership(None, by=by) | {
        "owner": None,
        "state": S.PROPOSED,
        "handed_back_at": timezone.now(),
        "handed_back_reason": reason,
    }
    records.revise(action, values, by=by, base=action.version, verb="handed back")
    return action


def _check_owner(action: ActionItem, by: User, what: str) -> None:
    records.still_there(action)
    if action.owner_id != by.pk:
        whose = f"{action.owner}’s" if action.owner else "nobody’s"
        raise DomainError(f"{action.key} is {whose} now, so you cannot {what}. Nothing was changed.")
    if not action.is_open:
        raise DomainError(
            f"{action.key} is {action.get_state_display().lower()} already. Nothing is left to answer."
        )
