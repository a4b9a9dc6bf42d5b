"""Storing what an incident is compared by as soon as it is saved."""

from __future__ import annotations

import logging
import threading
from itertools import islice

from django.db import connection, models, transaction

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.incidents.models import Incident
from followthrough.similarity import tasks

log = logging.getLogger(__name__)
MAX_IMMEDIATE = 5
"""More at one time, as an import brings, are left to the worker."""
_TOLD = {"title", "what_happened", "began_at"}
_saved = threading.local()


def follow_incidents() -> None:
    """Called once, from this room's ready()."""
    subscribe("incidents.incident", "added", _follow_new)
    subscribe("incidents.incident", "changed", _follow_change)
    subscribe("meetings.meeting", "held", lambda _, meeting: _mark(meeting.postmortem_id))  # type: ignore[attr-defined]


def _follow_new(_: Activity, incident: models.Model) -> None:
    """Few are stored in their own transaction, which saves reading them again; more are marked."""
    if isinstance(incident, Incident) and _few_so_far() and _store(incident):
        transaction.on_commit(_write_saved, robust=True)
    else:
        _mark(incident.pk)


def _few_so_far() -> bool:
    """Of the transaction under way."""
    saved = (True for row in connection.run_on_commit if row[1] is _write_saved)
    return sum(islice(saved, MAX_IMMEDIATE)) < MAX_IMMEDIATE


def _store(incident: Incident) -> bool:
    """Whether it went well; what goes wrong is logged and keeps nobody from reporting."""
    try:
        with transaction.atomic():
            tasks.write_new(incident)
    except Exception:
        log.exception("INC-%s is not compared with others yet.", incident.pk)
        return False
    return True


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
    keys, _saved.keys = sorted(getattr(_saved, "keys", ())), set()
    if len(keys) > MAX_IMMEDIATE:
        tasks.write_texts.enqueue(keys)
    elif keys:
        tasks.write_texts.call(keys)
