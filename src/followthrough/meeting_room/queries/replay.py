"""Replay of a meeting: what happened to its records, and those that did not last."""

from __future__ import annotations

from typing import Any

from followthrough.actions.models import ActionItem
from followthrough.activity.models import Activity
from followthrough.causes.models import Cause, Finding
from followthrough.meeting_room.queries.room_records import MEETING, READERS, label
from followthrough.meetings.models import ParkedItem
from followthrough.postmortems.models import PostMortem
from followthrough.timeline.models import Entry

FOLLOWED = (Entry, Cause, Finding, ActionItem, ParkedItem)
"""Answers and notes may be somebody's own."""
_NAMES = ("seq", "at", "kind", "record", "verb", "label", "changes")


def replay_of(postmortem: PostMortem) -> dict[str, Any]:
    """{rows: what happened, oldest first; removed: {kind: [record, …]} of those that are not there any more}."""
    kinds = {MEETING, *map(label, FOLLOWED)}
    rows = Activity.objects.filter(topic=postmortem.topic, kind__in=kinds).order_by("seq")
    return {"rows": list(rows.values(*_NAMES)), "removed": _removed(postmortem.pk)}


def _removed(number: int) -> dict[str, Any]:
    found = {}
    for model in FOLLOWED:
        gone = model._default_manager.filter(postmortem=number).exclude(removed_at=None)
        keys = frozenset(str(key) for key in gone.values_list("pk", flat=True))
        found[label(model)] = READERS[label(model)](number, keys) if keys else []
    return found
