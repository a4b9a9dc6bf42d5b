"""Signed one-time links that answer a reminder straight from its mail: each message's good for one answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone

from followthrough.actions import operations, queries
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import acceptance
from followthrough.actions.queries.proposed_dates import asker_of
from followthrough.activity.operations import record
from followthrough.core.errors import Conflict, DomainError, NotFound
from followthrough.notifications.models import Message
from followthrough.notifications.operations import escalation
from followthrough.people import working_hours
from followthrough.people.models import User

S = ActionItem.State
KIND = "action"
LASTS = timedelta(days=60)
_SALT = "followthrough.reminder"
_OF_OWNERSHIP = {
    "accept": "Accept it",
    "other-date": "Propose another date",
    "hand-back": "Hand it back",
}
_OF_PROPOSAL = {"commit": "Commit to it", "later": "Remind me later", "decline": "Decline it"}
_OF_PROMISE = {
    "done": "It is done",
    "later": "Remind me later",
    "hand-over": "Hand it over",
    "decline": "Decline it",
}


def answerable(action: ActionItem) -> User | None:
    """Who is asked about it: the owner; of a proposal without one whoever wrote it, or led the meeting."""
    if action.owner or action.state != S.PROPOSED:
        return action.owner
    return action.author or action.postmortem.facilitator


def ways(action: ActionItem) -> dict[str, str]:
    """{way: its words} by which the action can be answered for as it stands."""
    owed = _OF_OWNERSHIP if action.owner_id and not action.accepted_at else {}
    return owed | (_OF_PROPOSAL if action.state == S.PROPOSED else _OF_PROMISE)


def links(action: ActionItem, person: User, key: str) -> list[tuple[str, str]]:
    """(words, path) of each way, for the message that `person` gets under `key`."""
    return _links(action, person, key, _OF_PROPOSAL if action.state == S.PROPOSED else _OF_PROMISE)


def acceptance_links(action: ActionItem, person: User, key: str) -> list[tuple[str, str]]:
    """(words, path) of what an owner may say to being one."""
    return _links(action, person, key, _OF_OWNERSHIP)


def _links(action: ActionItem, person: User, key: str, ways: dict[str, str]) -> list[tuple[str, str]]:
    token = signing.dumps([person.pk, action.number, key], salt=_SALT)
    return [(words, f"/reminders/{token}/{way}/") for way, words in ways.items()]


@dataclass(frozen=True)
class Asked:
    """What a link is about: who was asked about which action, in which message."""

    person: User
    action: ActionItem
    message: Message


def read(token: str) -> Asked:
    """What a link is about. NotThere, in words, where it can no longer be answered."""
    try:
        pk, number, key = signing.loads(token, salt=_SALT, max_age=LASTS)
    except signing.SignatureExpired as error:
        raise NotFound(
            "This link is more than two months old. Sign in and open the action instead."
        ) from error
    except signing.BadSignature as error:
        raise NotFound("This link is not complete. Open it again from the mail.") from error
    message = Message.objects.select_related("person").filter(person=pk, key=key).first()
    if message is None or not message.person.is_active:
        raise NotFound("This link belongs to a message that is no longer here.")
    asked = Asked(message.person, queries.find(message.person, number), message)
    _refuse_settled(asked)
    return asked


def refuse_impossible(asked: Asked, way: str) -> None:
    """NotThere, in words, for a way that does not lead on from where the action is."""
    if way in ways(asked.action):
        return
    if way in _OF_OWNERSHIP:
        raise NotFound(f"You accepted {asked.action.key} already. Nothing is left to say.")
    raise NotFound("There is no such answer to this reminder.")


def _refuse_settled(asked: Asked) -> None:
    action = asked.action
    if asked.message.answered_at:
        raise NotFound(f"You have answered this already. {action.key} is {action.state_words.lower()}.")
    if not action.is_open:
        raise NotFound(f"{action.key} is {action.state_words.lower()} already. Nothing is left to say.")
    if answerable(action) != asked.person:
        raise NotFound(f"{action.key} belongs to {action.owner or 'somebody else'} now. Nothing was changed.")


@transaction.atomic
def answer(asked: Asked, way: str, **said: Any) -> str:
    """Carries the answer out and uses the links up; returns what happened, in words. A refusal leaves them usable."""
    if way not in ways(asked.action):
        raise DomainError("This is no longer possible. Choose another answer.")
    unused = Message.objects.filter(pk=asked.message.pk, answered_at=None)
    if not unused.update(answered_at=timezone.now(), read_at=timezone.now()):
        raise Conflict("You have answered this already. Nothing was done twice.")
    return _ANSWERS[way](asked, **said)


def _done(asked: Asked, **_: Any) -> str:
    operations.complete(asked.action, by=asked.person)
    return f"{asked.action.key} is done. At the check-in you are asked whether it held."


def _commit(asked: Asked, *, due_on: date, **_: Any) -> str:
    if asked.action.awaits_answer:
        return _accept(asked, due_on=due_on)
    action = operations.change_action(asked.action, owner=asked.person, due_on=due_on, by=asked.person)
    operations.commit(action, by=asked.person)
    return f"{action.key} is yours, due {due_on:%A} {due_on.day} {due_on:%B}."


def _later(asked: Asked, *, days: int, **_: Any) -> str:
    day = working_hours.local_day(asked.person, timezone.now()) + timedelta(days=days)
    day = working_hours.working_day_from(asked.person, day)
    escalation.snooze(KIND, asked.action.number, until=working_hours.opening(asked.person, day))
    record(asked.action, "snoozed", by=asked.person, changes={"reminder": [None, day.isoformat()]})
    return f"You hear of {asked.action.key} again on {day:%A} {day.day} {day:%B}. Its date stays as it is."


def _hand_over(asked: Asked, *, owner: User, **_: Any) -> str:
    action = operations.change_action(asked.action, owner=owner, by=asked.person)
    return f"{action.key} is given to {owner.name}, who has been told and is asked to accept it."


def _accept(asked: Asked, *, due_on: date | None = None, **_: Any) -> str:
    action = acceptance.accept(asked.action, due_on=due_on, by=asked.person)
    if action.awaits_date:
        return asked_for_date(action)
    day = action.due_on
    return f"{action.key} is yours, due {day:%A} {day.day} {day:%B}." if day else f"{action.key} is yours."


def asked_for_date(action: ActionItem) -> str:
    """What an owner is told who would rather have another date."""
    day, asker = action.proposed_due_on, asker_of(action)
    when = f"{day:%A} {day.day} {day:%B}" if day else "that day"
    return f"{asker} is asked whether {when} suits for {action.key}. It is yours once they agree."


def _hand_back(asked: Asked, *, reason: str, **_: Any) -> str:
    acceptance.hand_back(asked.action, reason=reason, by=asked.person)
    return f"{asked.action.key} is handed back. Whoever gave it to you looks for another owner."


def _decline(asked: Asked, *, reason: str, **_: Any) -> str:
    operations.decline(asked.action, reason=reason, by=asked.person)
    return f"{asked.action.key} is declined. Your reason stays with it."


_ANSWERS: dict[str, Callable[..., str]] = {
    "done": _done,
    "commit": _commit,
    "later": _later,
    "hand-over": _hand_over,
    "decline": _decline,
    "accept": _accept,
    "other-date": _accept,
    "hand-back": _hand_back,
}
