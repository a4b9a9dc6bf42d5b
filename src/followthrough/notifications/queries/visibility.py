"""Visibility of messages: whether somebody may still see what one tells of, at notify, at send and in the inbox.

Rooms above register how pages of theirs are told from their addresses, and who may open them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from followthrough.notifications.models import Message
from followthrough.people.models import User

Subject = tuple[str, int]
"""Which sort of page, and the number of its subject."""


@dataclass(frozen=True)
class SubjectKind:
    """One sort of page: which of some subjects a person may see, and which of them every member may."""

    seen_by: Callable[[User, Collection[int]], Iterable[int]]
    open_to_members: Callable[[Collection[int]], Iterable[int]]


_kinds: dict[str, SubjectKind] = {}


def register(beginning: str, sort: SubjectKind) -> None:
    """Called once per sort of page, from ready(); `beginning` is what stands before the number: "/incidents/INC-"."""
    _kinds[beginning] = sort


def hidden_messages(messages: Collection[Message], *, viewer: User | None = None) -> set[int]:
    """The keys of those messages that tell their person, or `viewer`, of something that they may not see.

    One query per sort of page, and two more for each person of whom some subject is not open to every member.
    """
    told = {message.pk: _subjects((message.path, *message.also)) for message in messages}
    open_ones = _known(set().union(*told.values()), lambda sort, numbers: sort.open_to_members(numbers))
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


def _hidden_from(person: User, told: dict[int, set[Subject]]) -> set[int]:
    seen = _known(set().union(*told.values()), lambda sort, numbers: sort.seen_by(person, numbers))
    return {key for key, subjects in told.items() if not subjects <= seen}


def _known(
    subjects: Collection[Subject], ask: Callable[[SubjectKind, Collection[int]], Iterable[int]]
) -> set[Subject]:
    asked: dict[str, set[int]] = defaultdict(set)
    for beginning, number in subjects:
        asked[beginning].add(number)
    return {(one, number) for one, numbers in asked.items() for number in ask(_kinds[one], numbers)}


def _subjects(paths: Iterable[str]) -> set[Subject]:
    found = set()
    for path in paths:
        for beginning in _kinds:
            if path.startswith(beginning) and (number := re.match(r"\d+", path.removeprefix(beginning))):
                found.add((beginning, int(number[0])))
    return found
