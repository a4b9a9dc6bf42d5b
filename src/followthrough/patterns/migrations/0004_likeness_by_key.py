"""What the log says of likeness named another incident by its title, which may have been restricted since: by key now."""

import re

from django.db import migrations


def name_by_key(apps, schema_editor):
    activity = apps.get_model("activity", "Activity")
    rows = activity.objects.using(schema_editor.connection.alias).filter(kind="patterns.similarityfeedback")
    for row in rows.exclude(changes__has_key="incident").iterator(chunk_size=500):
        key = re.match(r"INC-\d+", row.label)
        row.changes = {"incident": [None, key[0]]} if key else {}
        row.label = "with another incident"
        row.save(update_fields=["changes", "label"])


class Migration(migrations.Migration):
    dependencies = [("patterns", "0003_meaning"), ("activity", "0001_initial")]
    operations = [migrations.RunPython(name_by_key, migrations.RunPython.noop)]
