"""What a timeline does by itself when its post-mortem opens or its incident's milestones move."""

from __future__ import annotations

from typing import cast

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.incidents.models import Incident, Milestone
from followthrough.postmortems.models import PostMortem
from followthrough.timeline.operations import write_milestones


def follow_milestones() -> None:
    """Called once, from this room's ready()."""
    subscribe(PostMortem._meta.label_lower, "opened", _open)
    for verb in ("changed", "resolved", "reopened"):
        subscribe(Incident._meta.label_lower, verb, _move)


def _open(row: Activity, postmortem: models.Model) -> None:
    write_milestones(cast("PostMortem", postmortem), Milestone.Name.values, by=row.actor)


def _move(row: Activity, incident: models.Model) -> None:
    moved = row.changes.keys() & set(Milestone.Name.values)
    if moved and (postmortem := PostMortem.objects.select_related("incident").filter(pk=incident.pk).first()):
        write_milestones(postmortem, moved, by=row.actor)
