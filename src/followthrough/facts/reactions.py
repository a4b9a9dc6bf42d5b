"""Following what changes in findings, causes, actions, promises and incidents: the worker looks at it within a minute."""

from __future__ import annotations

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.facts.models import RefreshQueue

FOLLOWED = {
    "causes.finding": ("added", "changed", "removed", "restored"),
    "causes.cause": ("changed", "removed", "restored"),
    "actions.actionitem": (
        "changed", "committed", "started", "done", "verified", "declined", "reopened", "removed", "restored",
        "did not hold", "took back",
    ),
    "postmortems.promise": ("promised", "kept", "moved", "dropped"),
    "postmortems.omission": ("explained", "withdrawn"),
    "incidents.impact": ("changed",),
    "incidents.incident": ("added", "changed", "resolved", "reopened"),
}  # fmt: skip


def follow_changes() -> None:
    """Called once, from this room's ready()."""
    for kind, verbs in FOLLOWED.items():
        for verb in verbs:
            subscribe(kind, verb, _follow)
    for verb in ("confirmed", "ruled out", "took back"):
        subscribe("similarity.similarityfeedback", verb, _follow_feedback)


def _follow(row: Activity, _: models.Model) -> None:
    _queue([int(row.topic.partition(":")[2])])


def _follow_feedback(_: Activity, feedback: models.Model) -> None:
    _queue([feedback.one_id, feedback.other_id])  # type: ignore[attr-defined]


def _queue(incidents: list[int]) -> None:
    RefreshQueue.objects.bulk_create(
        [RefreshQueue(incident_id=key) for key in incidents], ignore_conflicts=True
    )
