"""Following what changes in findings, causes, actions, promises and incidents."""

from __future__ import annotations

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.patterns import readings
from followthrough.patterns.models import Stale
from followthrough.patterns.operations import refresh_incident

FOLLOWED = {
    "causes.finding": ("added", "changed", "removed", "restored"),
    "causes.cause": ("changed", "removed", "restored"),
    "actions.actionitem": (
        "changed", "committed", "started", "done", "verified", "declined", "reopened", "removed", "restored",
    ),
    "postmortems.promise": ("promised", "kept", "moved", "dropped"),
    "incidents.impact": ("changed",),
    "incidents.incident": ("added", "changed", "resolved", "reopened"),
}  # fmt: skip


def follow_changes() -> None:
    """Called once, from this room's ready()."""
    for kind, verbs in FOLLOWED.items():
        for verb in verbs:
            subscribe(kind, verb, _follow)


def _follow(row: Activity, _: models.Model) -> None:
    """The worker looks at the incident within a minute; one that is shown to others now is looked at at once."""
    key = int(row.topic.partition(":")[2])
    if row.kind == "incidents.incident" and "visibility" in row.changes:
        refresh_incident(key)
        readings.refresh()
    else:
        Stale.objects.bulk_create([Stale(incident_id=key)], ignore_conflicts=True)
