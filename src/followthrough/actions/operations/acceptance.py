"""Acceptance: who gave an action to its owner, and what the owner says to that.

An action is a promise of its owner. Who was given one by somebody else, and is not there to say yes, is asked: it stays a
proposal until they accept it. By another date it is theirs once whoever asked them agrees to that.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.actions.queries.proposed_dates import asker_of, may_answer_date
from followthrough.core.errors import DomainError
from followthrough.people.models import User
from followthrough.records import operations as records

S = ActionItem.State
_NO_PROPOSAL = {"proposed_due_on": None, "proposed_at": None}
_UNANSWERED = {"accepted_at": None, "committed_by": None, **_NO_PROPOSAL}


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
    return {"accepted_at": timezone.now(), **_NO_PROPOSAL} if is_theirs and not action.accepted_at else {}


@transaction.atomic
def accept(action: ActionItem, *, by: User, due_on: date | None = None) -> ActionItem:
    """Its owner takes it on; another date than its own is proposed to whoever asked them, where somebody did.

    DomainError without any date, or for anybody else.
    """
    _check_owner(action, by, "accept it")
    if action.accepted_at and action.state != S.PROPOSED:
        raise DomainError(f"You accepted {action.key} already. Nothing was changed.")
    due_on = due_on or action.due_on
    if due_on is None:
        raise DomainError(f"{action.key} has no date yet. Say by when it will be done.", field="due_on")
    if due_on != action.due_on and due_on < timezone.localdate():
        raise DomainError("That day has passed. Choose one ahead.", field="due_on")
    if wish := _wish(action, due_on, by=by):
        records.revise(action, wish, by=by, base=action.version, verb="proposed a date")
        return action
    records.revise(action, _taking_on(action, due_on, by), by=by, base=action.version, verb="accepted")
    return action


def _wish(action: ActionItem, due_on: date | None, *, by: User | None) -> dict[str, Any]:
    """What is noted where an owner who has not accepted it yet would rather have `due_on`; {} where they may just have it."""
    is_theirs = by is not None and by.pk == action.owner_id and not action.accepted_at
    if not is_theirs or not due_on or not action.due_on or due_on == action.due_on or not asker_of(action):
        return {}
    return {"proposed_due_on": due_on, "proposed_at": timezone.now()}


def _taking_on(action: ActionItem, due_on: date, owner: User | None) -> dict[str, Any]:
    now = timezone.now()
    values: dict[str, Any] = {"due_on": due_on, "accepted_at": now, **_NO_PROPOSAL}
    if action.state == S.PROPOSED:
        values |= {"state": S.COMMITTED, "committed_at": action.committed_at or now, "committed_by": owner}
    return values


@transaction.atomic
def answer_date(action: ActionItem, *, due_on: date, by: User) -> ActionItem:
    """Whoever asked the owner agrees to the date that they proposed, or gives the one it has to be; then they are asked anew.

    DomainError where no date is proposed, for a third one that has passed, or for somebody who did not ask.
    """
    records.still_there(action)
    if not action.awaits_date:
        raise DomainError(f"No other date is proposed for {action.key} any more. Nothing was changed.")
    if not may_answer_date(action, by):
        raise DomainError(
            f"{asker_of(action)} asked for {action.key}, and answers this. Nothing was changed."
        )
    verb = {action.proposed_due_on: "agreed to the date", action.due_on: "kept the date"}.get(
        due_on, "chose a date"
    )
    if verb == "chose a date" and due_on < timezone.localdate():
        raise DomainError("That day has passed. Choose one ahead.", field="due_on")
    records.revise(action, choosing_date(action, due_on, by=by), by=by, base=action.version, verb=verb)
    return action


def choosing_date(action: ActionItem, due_on: date | None, *, by: User | None) -> dict[str, Any]:
    """What changes with the date: an owner who has not accepted yet proposes it; what is agreed to is their promise, and
    with any other they are asked anew."""
    if wish := _wish(action, due_on, by=by):
        return {"due_on": action.due_on, **wish}
    if not action.awaits_date:
        return {"due_on": due_on}
    if due_on and due_on == action.proposed_due_on:
        return _taking_on(action, due_on, action.owner)
    return {"due_on": due_on, "asked_at": timezone.now(), **_NO_PROPOSAL}


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
