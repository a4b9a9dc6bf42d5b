"""What a message tells of is kept by kind and number; until now it was read from the addresses of pages."""

import re

from django.db import migrations

import followthrough.core.fields

PAGE = re.compile(r"/(incidents/INC|actions/ACT)-(\d{1,15})")
KINDS = {"incidents/INC": "incident", "actions/ACT": "action"}


def read_references(apps, schema_editor):
    messages = apps.get_model("notifications", "Message").objects
    for message in messages.only("path", "also").iterator(2000):
        found = {
            (KINDS[match[1]], int(match[2]))
            for path in (message.path, *message.also)
            if (match := PAGE.match(path))
        }
        if found:
            messages.filter(pk=message.pk).update(references=[list(one) for one in sorted(found)])


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_field_words")]

    operations = [
        migrations.AddField(
            "message",
            "references",
            followthrough.core.fields.DataField(
                default=list,
                help_text="What it tells of: [[kind, number], …]; whoever may not see all of it does not get it.",
            ),
        ),
        migrations.RunPython(read_references, migrations.RunPython.noop),
        migrations.RemoveField("message", "also"),
    ]
