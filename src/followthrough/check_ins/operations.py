"""The two-week check-in: planned when the meeting closes, then walked through action by action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.activity.operations import record
from followthrough.check_ins import check_in_date
from followthrough.check_ins.models import CheckInOutcome
from followthrough.check_ins.queries import open_actions_of
from followthrough.core.errors import DomainError
from followthrough.core.field_changes import set_fields
from followthrough.core.times import local
from followthrough.meetings import phrasing, queries
from followthrough.meetings.models import Meeting
from followthrough.notifications.operations import notify
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem, Promise
from followthrough.postmortems.operations import keep_promise, promise_due, set_state
from followthrough.scheduling.operations.invitee_notifications import notify_invitees
from followthrough.scheduling.queries.invitees import shared_days_off


@transaction.atomic
def plan_check_in(postmortem: PostMortem, *, by: User) -> Meeting:
    """The check-in two weeks after the meeting, with its promise; everyone who was asked is told once."""
    meetings = postmortem.meetings.exclude(state=Meeting.State.CANCELLED)
    if planned := meetings.filter(kind=Meeting.Kind.CHECK_IN).first():
        return planned
    held = meetings.filter(kind=Meeting.Kind.POSTMORTEM).first()
    zone = held.zone if held else by.zone
    starts_at, why = check_in_date.check_in_time(_held_at(held), zone, shared_days_off(postmortem))
    check_in = Meeting.objects.create(
        postmortem=postmortem,
        kind=Meeting.Kind.CHECK_IN,
        starts_at=starts_at,
        minutes=check_in_date.CHECK_IN_MINUTES,
        zone=zone,
        scheduled_by=by,
    )
    record(check_in, "scheduled", by=by, changes={"starts_at": [None, starts_at.isoformat()]})
    promise_due(postmortem, Promise.Kind.CHECK_IN, due_at=check_in.ends_at, by=by)
    postmortem.participants.update(response=Participant.Response.INVITED)
    body = f"We look at each action together and ask whether it held. {why}".strip()
    notify_invitees(check_in, "the check-in is on {when}", body=body)
    return check_in


def _held_at(meeting: Meeting | None) -> datetime:
    """Its scheduled time, or when it really began if that was another day."""
    began = (meeting and meeting.started_at) or timezone.now()
    if meeting and local(began, meeting.zone).date() == local(meeting.starts_at, meeting.zone).date():
        return meeting.starts_at
    return began.replace(minute=0, second=0, microsecond=0)


@transaction.atomic
def record_outcome(
    check_in: Meeting,
    action: ActionItem,
    *,
    outcome: str,
    by: User,
    note: str = "",
    due_on: date | None = None,
    owner: User | None = None,
) -> CheckInOutcome:
    """What the check-in says of one action, which changes with it.

    "new_date" needs `due_on`, "new_owner" an `owner`, "declined" a `note` that says why.
    """
    _refuse_unless_open(check_in)
    if action.postmortem_id != check_in.postmortem_id:
        raise DomainError("This action belongs to another post-mortem.")
    if outcome not in _CHANGES:
        raise DomainError("Choose what became of the action.", field="outcome")
    _CHANGES[outcome](action, Said(by, note.strip()[:500], due_on, owner))
    row = CheckInOutcome.objects.create(
        meeting=check_in, action=action, outcome=outcome, note=note.strip()[:500], by=by
    )
    record(row, "recorded", by=by, label=f"{action.key} {row.get_outcome_display().lower()}")
    return row


@dataclass(frozen=True)
class Said:
    """What came with an outcome."""

    by: User
    note: str
    due_on: date | None
    owner: User | None


def _done(action: ActionItem, said: Said) -> None:
    if action.state == ActionItem.State.PROPOSED:
        actions.commit(action, by=said.by)
    actions.complete(action, by=said.by)


def _held(action: ActionItem, said: Said) -> None:
    if action.is_open:
        _done(action, said)
    actions.verify(action, by=said.by)


def _did_not_hold(action: ActionItem, said: Said) -> None:
    if action.is_open:
        raise DomainError(f"{action.key} is not done yet, so it could not hold. Give it a new date instead.")
    actions.reopen(action, by=said.by)


def _new_date(action: ActionItem, said: Said) -> None:
    if said.due_on is None or said.due_on < timezone.localdate():
        raise DomainError("Give a date ahead.", field="due_on")
    actions.change_action(action, due_on=said.due_on, by=said.by)


def _new_owner(action: ActionItem, said: Said) -> None:
    if said.owner is None:
        raise DomainError("Choose who takes it over.", field="owner")
    actions.change_action(action, owner=said.owner, by=said.by)
    if said.owner != said.by:
        notify(
            said.owner,
            kind="action",
            key=f"taken-over:{action.pk}:{action.version}",
            subject=f"{action.key} is yours now: {action.text}"[:200],
            body="The check-in handed it to you.",
            path=action.get_absolute_url(),
            references=[action.reference],
        )


def _declined(action: ActionItem, said: Said) -> None:
    actions.decline(action, reason=said.note, by=said.by)


_Outcome = CheckInOutcome.Outcome
_CHANGES: dict[str, Callable[[ActionItem, Said], None]] = {
    _Outcome.DONE: _done,
    _Outcome.VERIFIED: _held,
    _Outcome.DID_NOT_HOLD: _did_not_hold,
    _Outcome.NEW_DATE: _new_date,
    _Outcome.NEW_OWNER: _new_owner,
    _Outcome.DECLINED: _declined,
}


@transaction.atomic
def hold_check_in(postmortem: PostMortem, *, by: User) -> Meeting:
    """Closes the check-in once every open action was looked at; twice changes nothing.

    Owners are told what is still theirs. DomainError names the actions that nobody looked at.
    """
    check_in = queries.current(postmortem, Meeting.Kind.CHECK_IN)
    if check_in is None:
        raise DomainError("The check-in is made when the meeting closes. Hold the meeting first.")
    if check_in.state == Meeting.State.HELD:
        return check_in
    rest = open_actions_of(postmortem)
    seen = set(check_in.outcomes.values_list("action", flat=True))
    if unseen := [action.key for action in rest if action.pk not in seen]:
        names, verb = phrasing.listed(unseen), "was" if len(unseen) == 1 else "were"
        raise DomainError(f"{names} {verb} not looked at yet. Say of each what became of it, then close.")
    now = timezone.now()
    changes = set_fields(check_in, {"state": Meeting.State.HELD, "ended_at": now})
    check_in.version += 1
    check_in.save()
    record(check_in, "held", by=by, changes=changes)
    keep_promise(postmortem, Promise.Kind.CHECK_IN, by=by, at=now)
    set_state(postmortem, PostMortem.State.CHECKED_IN, by=by)
    _tell_owners(check_in, rest, by=by)
    return check_in


def _tell_owners(check_in: Meeting, rest: list[ActionItem], *, by: User) -> None:
    owners = {action.owner for action in rest if action.owner and action.owner != by}
    for owner in owners:
        theirs = [action for action in rest if action.owner == owner]
        notify(
            owner,
            kind="check_in",
            key=f"after-check-in:{check_in.pk}",
            subject=f"{check_in.postmortem.key}: still yours after the check-in, {phrasing.listed([one.key for one in theirs])}",
            body="\n".join(f"{one.key}: {one.text}" for one in theirs),
            path="/actions/",
            references=[action.reference for action in theirs],
        )


def _refuse_unless_open(check_in: Meeting) -> None:
    if check_in.kind != Meeting.Kind.CHECK_IN:
        raise DomainError("Outcomes are recorded at the check-in, two weeks after the meeting.")
    if check_in.state == Meeting.State.HELD:
        raise DomainError("This check-in is closed. Change the action on its own page.")
