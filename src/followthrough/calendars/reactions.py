"""What follows when people join, change teams or lose their keys: holidays of teams become theirs, feeds end."""

from __future__ import annotations

from typing import cast

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.calendars.operations import keep_days_off, revoke_feed
from followthrough.people.models import User


def follow_teams() -> None:
    """Called once, from this room's ready()."""
    kind = User._meta.label_lower
    subscribe(kind, "joined", _keep)
    subscribe(kind, "changed", _keep_if_teams_changed)


def follow_keys() -> None:
    """Called once, from this room's ready()."""
    subscribe(User._meta.label_lower, "keys_revoked", _end_feed)


def _end_feed(row: Activity, person: models.Model) -> None:
    revoke_feed(cast("User", person), by=row.actor)


def _keep(_: Activity, person: models.Model) -> None:
    keep_days_off([cast("User", person)])


def _keep_if_teams_changed(row: Activity, person: models.Model) -> None:
    if "teams" in row.changes:
        _keep(row, person)
