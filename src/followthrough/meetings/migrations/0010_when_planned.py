"""Keeps when each meeting was planned, as far as the log knows it."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.utils import timezone

_HELP = "Unknown of some that were planned by earlier versions."
BATCH = 500


def read_the_log(apps: Any, _: Any) -> None:
    meeting_model, log = apps.get_model("meetings", "Meeting"), apps.get_model("activity", "Activity")
    rows = log.objects.filter(kind="meetings.meeting", verb="scheduled").order_by("-at")
    planned = dict(rows.values_list("record", "at"))
    keys = [key for key in meeting_model.objects.values_list("pk", flat=True) if str(key) in planned]
    for first in range(0, len(keys), BATCH):
        found = [meeting_model(pk=key, created_at=planned[str(key)]) for key in keys[first : first + BATCH]]
        meeting_model.objects.bulk_update(found, ["created_at"])


class Migration(migrations.Migration):
    dependencies = [("meetings", "0009_questions_by_kind"), ("activity", "0001_initial")]
    operations = [
        migrations.AddField("meeting", "created_at", models.DateTimeField(null=True, help_text=_HELP)),
        migrations.RunPython(read_the_log, migrations.RunPython.noop),
        migrations.AlterField(
            "meeting",
            "created_at",
            models.DateTimeField(null=True, default=timezone.now, help_text=_HELP),
        ),
    ]
