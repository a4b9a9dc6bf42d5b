"""Keeps the name that each meeting has in calendars: until now it followed the base URL and the key."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.utils.crypto import salted_hmac

import followthrough.core.fields
import followthrough.meetings.models

BATCH = 500


def keep_those_sent(apps: Any, _: Any) -> None:
    meeting_model = apps.get_model("meetings", "Meeting")
    suffix = f"@{settings.BASE_URL.split('://')[-1]}"
    keys = list(meeting_model.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), BATCH):
        rows = [meeting_model(pk=pk) for pk in keys[first : first + BATCH]]
        for row in rows:
            mark = salted_hmac("meetings.uid", str(row.pk)).hexdigest()[:16]
            row.uid = f"meeting-{row.pk}-{mark}{suffix}"
        meeting_model.objects.bulk_update(rows, ["uid"])


class Migration(migrations.Migration):
    dependencies = [("meetings", "0007_held_as_they_were")]
    operations = [
        migrations.AddField(
            "meeting", "uid", followthrough.core.fields.LineField(max_length=200, default="")
        ),
        migrations.RunPython(keep_those_sent, migrations.RunPython.noop),
        migrations.AlterField(
            "meeting",
            "uid",
            followthrough.core.fields.LineField(
                max_length=200,
                default=followthrough.meetings.models.new_uid,
                help_text="Names the meeting in every calendar; nobody who was not asked can guess it.",
            ),
        ),
        migrations.AddIndex("meeting", models.Index(fields=["uid"], name="meeting_uid")),
    ]
