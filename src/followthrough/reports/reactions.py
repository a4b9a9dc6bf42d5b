"""What follows elsewhere: share links end with their maker's right to share."""

from __future__ import annotations

from typing import cast

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.people.models import User
from followthrough.reports.operations import end_links_of


def follow_people() -> None:
    """Called once, from this room's ready()."""
    kind = User._meta.label_lower
    subscribe(kind, "deactivated", _end_links)
    subscribe(kind, "changed", _end_links_of_stakeholder)


def _end_links(row: Activity, person: models.Model) -> None:
    end_links_of(cast("User", person), by=row.actor)


def _end_links_of_stakeholder(row: Activity, person: models.Model) -> None:
    if "role" in row.changes and not cast("User", person).is_member:
        _end_links(row, person)
