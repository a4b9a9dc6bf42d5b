"""Incidents are searched in the one index over everything (`search`); the one over their texts alone is taken down."""

from django.db import migrations


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        return  # the column goes with its table
    for name in ("added", "removed", "changed"):
        schema_editor.execute(f"DROP TRIGGER incidents_search_{name}")
    schema_editor.execute("DROP TABLE incidents_search")


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0004_import_previews'),
        ('search', '0002_index'),
    ]

    operations = [
        migrations.RunPython(drop_index),
        migrations.DeleteModel(
            name='SearchText',
        ),
    ]
