"""Recurrence hints: what an incident may be the return of, offered by a room above; a bounded cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from django.core.cache import cache

from followthrough.actions.models import ActionItem
from followthrough.incidents.models import Incident

MAX_SHOWN, MAX_TEXT_CHARACTERS = 3, 100
CACHE_SECONDS = 20
"""Seconds that an answer is used; what the meeting confirms meanwhile is counted within a minute anyway."""


@dataclass(frozen=True)
class Recurrence:
    """Something that keeps coming back and that everyone in the meeting may see, with the actions of earlier times,
    those that are open first."""

    name: str
    address: str
    words: str
    actions: Sequence[ActionItem]


Finder = Callable[[Incident], Sequence[Recurrence]]
_finders: list[Finder] = []


def register_finder(finder: Finder) -> None:
    """Lets `finder` say what came back; called from an AppConfig's ready()."""
    _finders.append(finder)


def recurrences_of(incident: Incident) -> list[Recurrence]:
    """The likeliest first; often none."""
    found = cache.get_or_set(
        f"recurrences:{incident.pk}",
        lambda: [back for finder in _finders for back in finder(incident)],
        CACHE_SECONDS,
    )
    return found or []


def drawn(incident: Incident) -> list[dict[str, Any]]:
    """As the room shows it."""
    return [
        {
            "name": back.name,
            "url": back.address,
            "words": back.words,
            "actions": [_row(action) for action in back.actions[:MAX_SHOWN]],
            "more": max(0, len(back.actions) - MAX_SHOWN),
        }
        for back in recurrences_of(incident)
    ]


def open_actions(incident: Incident) -> str:
    """What the record says to whether earlier actions were too slow."""
    actions = _actions(incident)
    open_ones = sum(action.is_open for action in actions)
    return f"{open_ones} of {len(actions)} earlier actions {_is(open_ones)} not done yet." if actions else ""


def done_actions(incident: Incident) -> str:
    """What the record says to whether they were the right ones."""
    number = sum(action.state in ActionItem.FINISHED for action in _actions(incident))
    return f"{number} {'was' if number == 1 else 'were'} done, and it came back." if number else ""


def _actions(incident: Incident) -> list[ActionItem]:
    return list({action.pk: action for back in recurrences_of(incident) for action in back.actions}.values())


def _row(action: ActionItem) -> dict[str, Any]:
    return {
        "key": action.key,
        "text": shorten(action.text, MAX_TEXT_CHARACTERS, placeholder="…"),
        "url": action.get_absolute_url(),
        "owner": action.owner.name if action.owner else "",
        "state": action.state_words.lower(),
        "open": action.is_open,
    }


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
