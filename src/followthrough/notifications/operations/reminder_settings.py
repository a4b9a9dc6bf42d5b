"""Changing the settings of reminders."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from followthrough.activity.operations import record
from followthrough.core.field_changes import set_fields
from followthrough.notifications.models import ReminderSettings
from followthrough.people.models import User


@transaction.atomic
def change_reminder_settings(*, by: User, **values: Any) -> ReminderSettings:
    """Stores the settings; deadlines that are open follow them within moments."""
    reminder_settings = ReminderSettings.objects.select_for_update().first() or ReminderSettings()
    is_new = reminder_settings.pk is None
    changes = set_fields(reminder_settings, values)
    if changes or is_new:
        reminder_settings.save()
        record(reminder_settings, "changed", by=by, changes=changes)
    return reminder_settings
