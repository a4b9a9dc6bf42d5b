"""Actions as rows of a list, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from followthrough.actions.models import ActionItem
from followthrough.actions.templatetags.actions import due, state_chip
from followthrough.people.templatetags.people import avatar

TITLE_AT_MOST = 70


@dataclass(frozen=True)
class Line:
    """One row; `origin` is the key of the incident that it comes from; `avatar` and `owner` are "" while nobody has it."""

    key: str
    text: str
    origin: str
    title: str
    avatar: SafeString
    owner: str
    due: SafeString
    is_high: bool
    priority: str
    kind: str
    state: SafeString
    notes: Sequence[str] = ()


def line_of(action: ActionItem, notes: Sequence[str] = ()) -> Line:
    owner, origin = action.owner, action.postmortem.incident
    return Line(
        key=action.key,
        text=action.text,
        origin=origin.key,
        title=_shortened(origin.title),
        avatar=avatar(owner) if owner else SafeString(),
        owner=owner.name if owner else "",
        due=due(action),
        is_high=action.priority == ActionItem.Priority.HIGH,
        priority=ActionItem.Priority(action.priority).label,
        kind=ActionItem.Kind(action.kind).label,
        state=state_chip(action),
        notes=notes,
    )


def _shortened(title: str) -> str:
    return title if len(title) <= TITLE_AT_MOST else f"{title[: TITLE_AT_MOST - 1]}…"
