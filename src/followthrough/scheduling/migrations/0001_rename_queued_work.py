"""What waits in the queue, and when the regular job last ran, is found under the names of this room."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TASK_BEFORE = "followthrough.meetings.team_calendars.put_event"
TASK = "followthrough.scheduling.operations.team_calendars.put_event"


def rename(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    tasks = apps.get_model("django_tasks_database", "DBTaskResult")
    tasks.objects.filter(task_path=TASK_BEFORE).update(task_path=TASK)
    runs = apps.get_model("jobs", "ScheduledRun")
    runs.objects.filter(name="meetings.read_replies").update(name="scheduling.read_replies")


class Migration(migrations.Migration):
    dependencies = [
        ("django_tasks_database", "0017_dbtaskresult_metadata"),
        ("jobs", "0001_initial"),
    ]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
