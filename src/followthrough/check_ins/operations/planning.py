"""Check-ins find their time by themselves: two weeks on, where it suits those who own what is not settled."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.actions.queries import holding
from followthrough.activity.operations import record
from followthrough.check_ins import check_in_date
from followthrough.check_ins.queries import meant_time, proposed_slots
from followthrough.core.errors import DomainError
from followthrough.meetings import queries
from followthrough.meetings.models import Meeting
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem, Promise
from followthrough.postmortems.operations import add_participant, promise_again
from followthrough.scheduling.operations.invitations import invite
from followthrough.scheduling.operations.invitee_notifications import News, notify_invitees

State = Meeting.State


@transaction.atomic
def plan_check_in(postmortem: PostMortem, *, by: User, starts_at: datetime | None = None) -> Meeting:
    """The next check-in with its promise, at `starts_at` or where it suits the owners, who are asked; each is told once.

    While one is ahead that one stays.
    """
    last = queries.current(postmortem, Meeting.Kind.CHECK_IN)
    if last and last.state != State.HELD:
        _ask_missing_owners(postmortem, by=by)
        return last
    if starts_at is not None and starts_at <= timezone.now():
        raise DomainError("That time has passed. Choose one ahead for the next check-in.", field="starts_at")
    waiting = list(holding.unsettled(postmortem))
    _seat_owners(postmortem, waiting, by=by)
    held = last or queries.current(postmortem)
    zone = held.zone if held else by.zone
    check_in = Meeting.objects.create(
        postmortem=postmortem,
        kind=Meeting.Kind.CHECK_IN,
        starts_at=starts_at or _best_time(postmortem, zone),
        minutes=check_in_date.CHECK_IN_MINUTES,
        zone=zone,
        scheduled_by=by,
    )
    record(check_in, "scheduled", by=by, changes={"starts_at": [None, check_in.starts_at.isoformat()]})
    promise_again(postmortem, Promise.Kind.CHECK_IN, due_at=check_in.ends_at, by=by)
    postmortem.participants.update(response=Participant.Response.INVITED)
    what = "the next check-in is on {when}" if last else "the check-in is on {when}"
    notify_invitees(check_in, News(what, _agenda(waiting), by))
    return check_in


def _best_time(postmortem: PostMortem, zone: str) -> datetime:
    slots = proposed_slots(postmortem, zone=zone)
    return slots[0].starts_at if slots else meant_time(postmortem, zone)


def _agenda(waiting: list[ActionItem]) -> str:
    """What is looked at, in the words of an invitation."""
    lead = "We look at each action together and ask whether it held."
    return "\n".join([lead, *(f"{one.key} ({one.owner or 'nobody yet'}): {one.text}" for one in waiting)])


def _seat_owners(postmortem: PostMortem, waiting: list[ActionItem], *, by: User) -> None:
    """Asks owners who were not asked to the meeting; whoever was keeps their seat as it is."""
    asked = set(postmortem.participants.values_list("person", flat=True)) | {postmortem.facilitator_id}
    for person, reason in _owners(waiting).items():
        if person.pk not in asked and person.is_active:
            add_participant(postmortem, person, by=by, reason=reason, for_check_in=True)


def _owners(waiting: list[ActionItem]) -> dict[User, str]:
    """{each owner: why they are asked}."""
    return {action.owner: f"Owns {action.key}" for action in waiting[::-1] if action.owner}


def _ask_missing_owners(postmortem: PostMortem, *, by: User) -> None:
    for action in holding.unsettled(postmortem):
        ask_owner(action, by=by)


@transaction.atomic
def ask_owner(action: ActionItem, *, by: User) -> None:
    """Asks whoever owns the action to the check-in that is ahead, if they were not."""
    postmortem, owner = action.postmortem, action.owner
    if owner is None or not owner.is_active or owner.pk == postmortem.facilitator_id:
        return
    if not postmortem.participants.filter(person=owner).exists():
        invite(postmortem, owner, by=by, reason=f"Owns {action.key}", for_check_in=True)


@transaction.atomic
def follow_action(action: ActionItem, *, by: User) -> None:
    """Keeps the loop open: an action that is not settled has a check-in ahead, and its owner comes to it."""
    check_in = queries.current(action.postmortem, Meeting.Kind.CHECK_IN)
    if check_in is None or not holding.unsettled(action.postmortem).filter(pk=action.pk).exists():
        return
    if check_in.state == State.HELD:
        plan_check_in(action.postmortem, by=by)
    else:
        ask_owner(action, by=by)
