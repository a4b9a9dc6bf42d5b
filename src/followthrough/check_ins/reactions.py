"""What a check-in does by itself when meetings change: it is planned as the meeting closes."""

from __future__ import annotations

from typing import cast

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.check_ins.operations import plan_check_in
from followthrough.meetings.models import Meeting


def follow_meetings() -> None:
    """Called once, from this room's ready()."""
    subscribe(Meeting._meta.label_lower, "held", _plan)


def _plan(row: Activity, meeting: models.Model) -> None:
    held = cast("Meeting", meeting)
    if held.kind == Meeting.Kind.POSTMORTEM and row.actor:
        plan_check_in(held.postmortem, by=row.actor)
