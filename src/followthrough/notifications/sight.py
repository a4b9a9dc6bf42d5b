"""Whether somebody may still see what a message tells of: looked at when it is told, when its mail leaves, and in the inbox.

Rooms above register how pages of theirs are told from their addresses, and who may open them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from followthrough.notifications.models import Message
from followthrough.people.models import User

Look = Callable[[User, Collection[int]], Iterable[int]]
"""(who, the numbers of some subjects) -> the numbers of those that they may see."""
_looks: dict[str, Look] = {}


def register(beginning: str, look: Look) -> None:
    """Called once per sort of page, from ready(); `beginning` is what stands before the number: "/incidents/INC-"."""
    _looks[beginning] = look


def hidden(person: User, messages: Collection[Message]) -> set[int]:
    """The keys of those messages that tell of something the person may not see; one query per sort of page."""
    told = {message.pk: _subjects((message.path, *message.also)) for message in messages}
    asked: dict[str, set[int]] = defaultdict(set)
    for beginning, number in set().union(*told.values()):
        asked[beginning].add(number)
    seen = {(one, number) for one, numbers in asked.items() for number in _looks[one](person, numbers)}
    return {key for key, subjects in told.items() if not subjects <= seen}


def _subjects(paths: Iterable[str]) -> set[tuple[str, int]]:
    found = set()
    for path in paths:
        for beginning in _looks:
            if path.startswith(beginning) and (number := re.match(r"\d+", path.removeprefix(beginning))):
                found.add((beginning, int(number[0])))
    return found
