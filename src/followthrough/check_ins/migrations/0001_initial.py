"""The outcomes move here from the room meetings with their table and data; the log names them by their new kind."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def rename_kind(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    activity = apps.get_model("activity", "Activity")
    activity.objects.filter(kind="meetings.checkinoutcome").update(kind="check_ins.checkinoutcome")
    content_types = apps.get_model("contenttypes", "ContentType")
    content_types.objects.filter(app_label="meetings", model="checkinoutcome").update(app_label="check_ins")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("actions", "0001_initial"),
        ("activity", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("meetings", "0003_field_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="CheckInOutcome",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("outcome", models.CharField(choices=[("done", "Done"), ("verified", "Verified: it held"), ("new_date", "New date"), ("new_owner", "New owner"), ("declined", "Declined"), ("did_not_hold", "Did not hold")], max_length=16)),
                        ("note", models.CharField(blank=True, max_length=500)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        ("action", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="outcomes", to="actions.actionitem")),
                        ("by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("meeting", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="outcomes", to="meetings.meeting")),
                    ],
                    options={"db_table": "meetings_checkinoutcome"},
                ),
            ],
        ),
        migrations.RunPython(rename_kind, migrations.RunPython.noop),
    ]
