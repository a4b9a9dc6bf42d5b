"""Following who may see incidents: one that is shown to others now, or hidden from them, is looked at at once."""

from __future__ import annotations

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.facts.operations import aggregates
from followthrough.patterns.operations.refresh import refresh_incident


def follow_visibility() -> None:
    """Called once, from this room's ready()."""
    subscribe("incidents.incident", "changed", _follow)


def _follow(row: Activity, incident: models.Model) -> None:
    if "visibility" in row.changes:
        refresh_incident(incident.pk)
        aggregates.refresh_aggregates()
