"""Following what changes in findings, causes, actions, promises and incidents."""

from __future__ import annotations

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.patterns import aggregates
from followthrough.patterns.models import RefreshQueue
from followthrough.patterns.operations.refresh import refresh_incident

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
    for verb in ("confirmed", "ruled out", "took back"):
        subscribe("patterns.similarityfeedback", verb, _follow_likeness)


def _follow(row: Activity, _: models.Model) -> None:
    """The worker looks at the incident within a minute; one that is shown to others now is looked at at once."""
    key = int(row.topic.partition(":")[2])
    if row.kind == "incidents.incident" and "visibility" in row.changes:
        refresh_incident(key)
        aggregates.refresh_aggregates()
    else:
        RefreshQueue.objects.bulk_create([RefreshQueue(incident_id=key)], ignore_conflicts=True)


def _follow_likeness(_: Activity, likeness: models.Model) -> None:
    both = (likeness.one_id, likeness.other_id)  # type: ignore[attr-defined]
    RefreshQueue.objects.bulk_create([RefreshQueue(incident_id=key) for key in both], ignore_conflicts=True)
