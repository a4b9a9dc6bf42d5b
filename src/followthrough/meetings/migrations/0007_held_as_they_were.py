"""Meetings that were held say when they were; the plan stays beside it. Who was there is not known of them."""

from __future__ import annotations

from typing import Any

from django.db import migrations

BATCH = 500
LONGEST = 32_767


def say_what_happened(apps: Any, _: Any) -> None:
    meeting_model, sitting_model = apps.get_model("meetings", "Meeting"), apps.get_model("meetings", "Sitting")
    begun = meeting_model.objects.exclude(started_at=None).exclude(state="cancelled")
    keys = list(begun.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), BATCH):
        rows = list(meeting_model.objects.filter(pk__in=keys[first : first + BATCH]))
        for row in rows:
            row.planned_at, row.planned_minutes, row.starts_at = row.starts_at, row.minutes, row.started_at
            if row.ended_at:
                seconds = (row.ended_at - row.started_at).total_seconds()
                row.minutes = min(LONGEST, max(1, round(seconds / 60)))
        meeting_model.objects.bulk_update(rows, ["planned_at", "planned_minutes", "starts_at", "minutes"])
        sitting_model.objects.bulk_create(
            sitting_model(meeting=row, started_at=row.started_at, ended_at=row.ended_at) for row in rows
        )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0006_what_happened")]
    operations = [migrations.RunPython(say_what_happened, migrations.RunPython.noop)]
