"""Storing what an incident is compared by as soon as it is saved."""

from __future__ import annotations

import threading

from django.db import models, transaction

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.patterns.similar import tasks

AT_ONCE = 5
"""More at one time, as an import brings, are left to the worker."""
_TOLD = {"title", "what_happened", "began_at"}
_saved = threading.local()


def follow_incidents() -> None:
    """Called once, from this room's ready()."""
    subscribe("incidents.incident", "added", lambda _, incident: _mark(incident.pk))
    subscribe("incidents.incident", "changed", _follow_change)
    subscribe("meetings.meeting", "held", lambda _, meeting: _mark(meeting.postmortem_id))  # type: ignore[attr-defined]


def _follow_change(row: Activity, incident: models.Model) -> None:
    if _TOLD & row.changes.keys():
        _mark(incident.pk)


def _mark(key: int) -> None:
    """Once the transaction is through: what goes wrong then is logged, and made good at night."""
    if not hasattr(_saved, "keys"):
        _saved.keys = set()
    _saved.keys.add(key)
    transaction.on_commit(_write_saved, robust=True)


def _write_saved() -> None:
    keys, _saved.keys = sorted(_saved.keys), set()
    if len(keys) > AT_ONCE:
        tasks.write_texts.enqueue(keys)
    elif keys:
        tasks.write_texts.call(keys)
