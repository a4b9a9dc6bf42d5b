"""Audit trail of one action, in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format

from followthrough.actions.models import ActionItem
from followthrough.activity.models import Activity
from followthrough.people.models import User

_VERBS = {
    "added": "wrote it down",
    "changed": "changed it",
    "accepted the wording of": "found the wording specific enough",
    "committed": "committed to it",
    "asked": "asked its owner to accept it",
    "accepted": "accepted it",
    "proposed a date": "would rather have another date",
    "agreed to the date": "agreed to the date",
    "kept the date": "asked for it by the date it had",
    "chose a date": "asked for it by another date",
    "handed back": "handed it back",
    "started": "started it",
    "done": "marked it as done",
    "verified": "verified that it held",
    "did not hold": "saw that it did not hold",
    "took back": "took back what the check-in had said",
    "declined": "declined it",
    "reopened": "reopened it",
    "removed": "removed it",
    "restored": "brought it back",
    "linked": "added a link",
    "unlinked": "removed a link",
    "snoozed": "put the reminder off",
    "shared": "added a collaborator",
    "stopped sharing": "removed a collaborator",
    "heard": "heard of it from its tracker",
}
_LABELS = {
    "text": "Text",
    "owner": "Owner",
    "due_on": "Due",
    "proposed_due_on": "Proposed date",
    "kind": "Kind",
    "priority": "Priority",
    "decline_reason": "Reason",
    "proof": "What shows it",
    "early_reason": "Said early",
    "handed_back_reason": "Reason",
    "links": "Link",
    "collaborators": "Collaborator",
    "reminder": "Reminder",
    "tracker": "There",
}


@dataclass(frozen=True)
class Change:
    """One field, from what to what; "" where there was nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One thing that somebody did."""

    row: Activity
    words: str
    changes: list[Change] = field(default_factory=list)


def of(action: ActionItem) -> list[Line]:
    """The action's whole history, newest first; two queries."""
    return of_all([action])[str(action.pk)]


def of_all(actions: Collection[ActionItem]) -> dict[str, list[Line]]:
    """The history of each action by its key, newest first; two queries."""
    keys = [str(action.pk) for action in actions]
    rows = Activity.objects.filter(kind=ActionItem._meta.label_lower, record__in=keys)
    found = list(rows.select_related("actor").order_by("-seq"))
    names = _names(found)
    lines: dict[str, list[Line]] = {key: [] for key in keys}
    for row in found:
        lines[row.record].append(Line(row, _VERBS.get(row.verb, row.verb), _changes(row, names)))
    return lines


def _names(rows: list[Activity]) -> dict[int, str]:
    keys = {key for row in rows for key in row.changes.get("owner", ()) if key}
    return dict(User.objects.filter(pk__in=keys).values_list("pk", "name"))


def _changes(row: Activity, names: dict[int, str]) -> list[Change]:
    pairs = ((name, values) for name, values in row.changes.items() if name in _LABELS)
    return [
        Change(_LABELS[name], _said(name, before, names), _said(name, after, names))
        for name, (before, after) in pairs
    ]


def _said(name: str, value: Any, names: dict[int, str]) -> str:
    if value is None or value == "":
        return ""
    if name == "owner":
        return names.get(value, "somebody who left")
    if name in {"due_on", "proposed_due_on", "reminder"}:
        return date_format(date.fromisoformat(value), "D j M Y")
    if name == "kind":
        return str(ActionItem.Kind(value).label)
    if name == "priority":
        return str(ActionItem.Priority(value).label)
    return str(value)
