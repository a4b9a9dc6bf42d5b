"""What the home does when people come and go: their digests follow."""

from __future__ import annotations

from typing import cast

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.home.queries.weekly_digest import load, missing
from followthrough.home.weekly_digest import KIND
from followthrough.notifications.operations import escalation
from followthrough.notifications.operations.escalation import EscalationPolicy, register
from followthrough.people.models import User


def register_policy() -> None:
    """Called once, from this room's ready()."""
    register(EscalationPolicy(KIND, load, missing))
    for verb in ("set_up", "joined", "changed", "deactivated", "reactivated"):
        subscribe(User._meta.label_lower, verb, _refresh)


def _refresh(_: Activity, person: models.Model) -> None:
    escalation.refresh_deadlines(KIND, [cast("User", person).pk])
