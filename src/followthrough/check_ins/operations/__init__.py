"""What a check-in says of each action, which changes with it, and its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import holding
from followthrough.actions.operations.added_later import add_later
from followthrough.actions.queries.holding import unsettled
from followthrough.activity.operations import record
from followthrough.check_ins.models import CheckInOutcome
from followthrough.check_ins.operations.planning import plan_check_in
from followthrough.check_ins.queries import unseen_of
from followthrough.core.errors import Conflict, DomainError
from followthrough.core.field_changes import set_fields
from followthrough.core.phrasing import listed
from followthrough.meetings import queries
from followthrough.meetings.models import Meeting
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.operations import keep_promise, set_state

__all__ = ["hold_check_in", "plan_check_in", "record_outcome", "take_back_outcome"]


@dataclass(frozen=True)
class Said:
    """What came with an answer: `proof` that it held, or what is done `instead` of what did not."""

    by: User
    note: str = ""
    due_on: date | None = None
    owner: User | None = None
    proof: str = ""
    early_reason: str = ""
    instead: str = ""


@transaction.atomic
def record_outcome(
    check_in: Meeting, action: ActionItem, *, outcome: str, by: User, **said: object
) -> CheckInOutcome:
    """What the check-in says of one action, which changes with it; `said` are the fields of `Said`.

    "new_date" needs `due_on`, "new_owner" an `owner`, "declined" a `note`, "verified" a `proof`; "did_not_hold"
    adds the action `instead`, of the same owner unless another is given.
    """
    _refuse_unless_open(check_in)
    if action.postmortem_id != check_in.postmortem_id:
        raise DomainError("This action belongs to another post-mortem.")
    if outcome not in _CHANGES:
        raise DomainError("Choose what became of the action.", field="outcome")
    all_said = Said(by, **said)  # type: ignore[arg-type]
    before = holding.remember(action)
    successor = _CHANGES[outcome](action, all_said)
    row = CheckInOutcome.objects.create(
        meeting=check_in,
        action=action,
        outcome=outcome,
        note=(all_said.proof or all_said.note).strip()[:500],
        successor=successor,
        before=before,
        version_after=action.version,
        by=by,
    )
    record(row, "recorded", by=by, label=f"{action.key} {row.get_outcome_display().lower()}")
    return row


@transaction.atomic
def take_back_outcome(outcome: CheckInOutcome, *, by: User) -> ActionItem:
    """Brings the action back to how it was before this answer; its successor goes. Conflict if either moved on."""
    _refuse_unless_open(outcome.meeting)
    action, successor = outcome.action, outcome.successor
    if successor and successor.removed_at is None:
        if successor.state not in {ActionItem.State.PROPOSED, ActionItem.State.COMMITTED}:
            raise Conflict(f"{successor.key} is under way in its place already, so this stays as it is.")
        actions.remove_action(successor, by=by)
    holding.take_back(action, before=outcome.before, version=outcome.version_after, by=by)
    record(outcome, "took back", by=by, label=f"{action.key} {outcome.get_outcome_display().lower()}")
    outcome.delete()
    return action


def _on_track(action: ActionItem, _: Said) -> None:
    if not action.is_open:
        raise DomainError(f"{action.key} is {action.get_state_display().lower()}. Say whether it held.")
    if action.due_on is None or action.days_late:
        raise DomainError(f"{action.key} has no date ahead. Give it a new one.", field="due_on")


def _too_early(action: ActionItem, _: Said) -> None:
    if action.state != ActionItem.State.DONE:
        raise DomainError(f"{action.key} is not done yet. Say whether it is on track.")


def _done(action: ActionItem, said: Said) -> None:
    if action.state == ActionItem.State.PROPOSED:
        actions.commit(action, by=said.by, here=[action.owner_id] if action.owner_id else [])
    actions.complete(action, by=said.by)


def _held(action: ActionItem, said: Said) -> None:
    if action.is_open:
        _done(action, said)
    holding.verify(action, proof=said.proof, early_reason=said.early_reason, by=said.by)


def _did_not_hold(action: ActionItem, said: Said) -> ActionItem | None:
    holding.note_failure(action, proof=said.proof or said.note, by=said.by)
    if not said.instead.strip():
        return None
    return add_later(
        action.postmortem,
        text=said.instead,
        owner=said.owner or action.owner,
        due_on=said.due_on,
        kind=action.kind,
        priority=action.priority,
        replaces=action,
        by=said.by,
    )


def _new_date(action: ActionItem, said: Said) -> None:
    if said.due_on is None or said.due_on < timezone.localdate():
        raise DomainError("Give a date ahead.", field="due_on")
    actions.change_action(action, due_on=said.due_on, by=said.by)


def _new_owner(action: ActionItem, said: Said) -> None:
    if said.owner is None:
        raise DomainError("Choose who takes it over.", field="owner")
    actions.change_action(action, owner=said.owner, by=said.by)


def _declined(action: ActionItem, said: Said) -> None:
    actions.decline(action, reason=said.note, by=said.by)


_Outcome = CheckInOutcome.Outcome
_CHANGES: dict[str, Callable[[ActionItem, Said], ActionItem | None]] = {
    _Outcome.ON_TRACK: _on_track,
    _Outcome.TOO_EARLY: _too_early,
    _Outcome.DONE: _done,
    _Outcome.VERIFIED: _held,
    _Outcome.DID_NOT_HOLD: _did_not_hold,
    _Outcome.NEW_DATE: _new_date,
    _Outcome.NEW_OWNER: _new_owner,
    _Outcome.DECLINED: _declined,
}


@transaction.atomic
def hold_check_in(postmortem: PostMortem, *, by: User, next_at: datetime | None = None) -> Meeting:
    """Finishes the check-in once it has said something of every action that it can; twice changes nothing.

    The loop closes where each action is verified or declined. Otherwise the next check-in is planned at `next_at`,
    or where it suits the owners best. DomainError names the actions that nobody looked at.
    """
    check_in = queries.current(postmortem, Meeting.Kind.CHECK_IN)
    if check_in is None:
        raise DomainError("The check-in is made when the meeting closes. Hold the meeting first.")
    if check_in.state == Meeting.State.HELD:
        return check_in
    if unseen := [action.key for action in unseen_of(check_in)]:
        names, verb = listed(unseen), "was" if len(unseen) == 1 else "were"
        raise DomainError(f"{names} {verb} not looked at yet. Say of each what became of it, then finish.")
    now = timezone.now()
    changes = set_fields(check_in, {"state": Meeting.State.HELD, "ended_at": now})
    check_in.version += 1
    check_in.save()
    record(check_in, "held", by=by, changes=changes)
    if unsettled(postmortem).exists():
        plan_check_in(postmortem, by=by, starts_at=next_at)
    else:
        keep_promise(postmortem, Promise.Kind.CHECK_IN, by=by, at=now)
        set_state(postmortem, PostMortem.State.CHECKED_IN, by=by)
    return check_in


def _refuse_unless_open(check_in: Meeting) -> None:
    if check_in.kind != Meeting.Kind.CHECK_IN:
        raise DomainError("Outcomes are recorded at a check-in, after the meeting.")
    if check_in.state == Meeting.State.HELD:
        raise DomainError("This check-in is closed. Change the action on its own page.")
