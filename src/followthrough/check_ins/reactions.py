"""What check-ins do by themselves: planned as the meeting closes, and again for what is decided or taken up later."""

from __future__ import annotations

from typing import cast

from django.db import models

from followthrough.actions.models import ActionItem
from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.check_ins.operations import plan_check_in
from followthrough.check_ins.operations.planning import follow_action
from followthrough.meetings.models import Meeting


def follow_meetings() -> None:
    """Called once, from this room's ready()."""
    subscribe(Meeting._meta.label_lower, "held", _plan)
    for verb in ("added", "committed", "changed", "reopened", "restored", "did not hold"):
        subscribe(ActionItem._meta.label_lower, verb, _follow_action)


def _plan(row: Activity, meeting: models.Model) -> None:
    held = cast("Meeting", meeting)
    if held.kind == Meeting.Kind.POSTMORTEM and row.actor:
        plan_check_in(held.postmortem, by=row.actor)


def _follow_action(row: Activity, record: models.Model) -> None:
    action = cast("ActionItem", record)
    matters = row.verb != "changed" or "owner" in row.changes
    by = row.actor or (action.owner if row.verb == "reopened" else None)
    if matters and by and action.postmortem.closed_at:
        follow_action(action, by=by)
