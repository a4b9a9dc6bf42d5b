"""Visibility of messages: whether somebody may still see what one tells of, at notify, at send and in the inbox.

A message says what it tells of by kind and number (`Message.references`). Rooms above register who may see what of each
kind; a kind that nobody registered is hidden from everybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from followthrough.notifications.models import Message, Reference
from followthrough.people.models import User


@dataclass(frozen=True)
class VisibilityRule:
    """Of one kind: which of some numbers a person may see, and which of them every member may."""

    seen_by: Callable[[User, Collection[int]], Iterable[int]]
    open_to_members: Callable[[Collection[int]], Iterable[int]]


_kinds: dict[str, VisibilityRule] = {}


def register(kind: str, rule: VisibilityRule) -> None:
    """Called once per kind, from ready()."""
    _kinds[kind] = rule


def hidden_messages(messages: Collection[Message], *, viewer: User | None = None) -> set[int]:
    """The keys of those messages that tell their person, or `viewer`, of something that they may not see.

    One query per kind, and two more for each person of whom some subject is not open to every member.
    """
    told = {message.pk: _references(message) for message in messages}
    open_ones = _known(set().union(*told.values()), lambda rule, numbers: rule.open_to_members(numbers))
    doubtful: dict[User, list[int]] = defaultdict(list)
    for message in messages:
        person = viewer or message.person
        if not (person.is_active and person.is_member and told[message.pk] <= open_ones):
            doubtful[person].append(message.pk)
    return {
        key
        for person, keys in doubtful.items()
        for key in _hidden_from(person, {key: told[key] for key in keys})
    }


def _hidden_from(person: User, told: dict[int, set[Reference]]) -> set[int]:
    seen = _known(set().union(*told.values()), lambda rule, numbers: rule.seen_by(person, numbers))
    return {key for key, subjects in told.items() if not subjects <= seen}


def _known(
    references: Collection[Reference], ask: Callable[[VisibilityRule, Collection[int]], Iterable[int]]
) -> set[Reference]:
    asked: dict[str, set[int]] = defaultdict(set)
    for kind, number in references:
        if kind in _kinds:
            asked[kind].add(number)
    return {(kind, number) for kind, numbers in asked.items() for number in ask(_kinds[kind], numbers)}


def _references(message: Message) -> set[Reference]:
    return {(kind, number) for kind, number in message.references}
