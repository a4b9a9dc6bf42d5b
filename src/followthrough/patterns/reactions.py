"""Following what changes in findings, causes, actions and incidents."""

from __future__ import annotations

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.patterns.models import Stale
from followthrough.patterns.operations import refresh_incident
from followthrough.patterns.tasks import refresh

RECORDS = {
    "causes.finding": ("added", "changed", "removed", "restored"),
    "causes.cause": ("changed", "removed", "restored"),
    "actions.actionitem": (
        "changed", "committed", "started", "done", "verified", "declined", "reopened", "removed", "restored",
    ),
}  # fmt: skip
FACTS = {"services", "tags", "visibility", "began_at", "ended_at", "kind"}


def follow_changes() -> None:
    """Called once, from this room's ready()."""
    for kind, verbs in RECORDS.items():
        for verb in verbs:
            subscribe(kind, verb, _follow_record)
    subscribe("incidents.incident", "changed", _follow_incident)


def _follow_record(_: Activity, record: models.Model) -> None:
    _mark(record.postmortem_id)  # type: ignore[attr-defined]


def _follow_incident(row: Activity, incident: models.Model) -> None:
    if "visibility" in row.changes:
        refresh_incident(incident.pk)
    elif FACTS & row.changes.keys():
        _mark(incident.pk)


def _mark(key: int) -> None:
    """Lets the worker look at the incident soon; what is marked already is not queued twice."""
    if not Stale.objects.filter(pk=key).exists():
        Stale.objects.bulk_create([Stale(incident_id=key)], ignore_conflicts=True)
        refresh.enqueue(key)
