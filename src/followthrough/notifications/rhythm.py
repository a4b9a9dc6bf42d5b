"""Changing when people are reminded."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from followthrough.activity.operations import record
from followthrough.core.changes import set_fields
from followthrough.notifications.models import Rhythm
from followthrough.notifications.tasks import refresh_deadlines
from followthrough.people.models import User


@transaction.atomic
def change_rhythm(*, by: User, **values: Any) -> Rhythm:
    """Stores the settings; deadlines that are open follow them within moments."""
    rhythm = Rhythm.objects.select_for_update().first() or Rhythm()
    is_new = rhythm.pk is None
    changes = set_fields(rhythm, values)
    if changes or is_new:
        rhythm.save()
        record(rhythm, "changed", by=by, changes=changes)
        refresh_deadlines.enqueue()
    return rhythm
