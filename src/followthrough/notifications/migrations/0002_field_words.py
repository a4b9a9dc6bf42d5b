from django.db import migrations

KINDS = {'notifications.rhythm': 'notifications.remindersettings'}


def rename_kinds(apps, schema_editor):
    activity = apps.get_model("activity", "Activity")
    for old, new in KINDS.items():
        activity.objects.filter(kind=old).update(kind=new)


def rename_kinds_back(apps, schema_editor):
    activity = apps.get_model("activity", "Activity")
    for old, new in KINDS.items():
        activity.objects.filter(kind=new).update(kind=old)


def rename_job(apps, schema_editor):
    runs = apps.get_model("jobs", "ScheduledRun").objects
    runs.filter(name="notifications.climb").update(name="notifications.send_due_reminders")


def rename_job_back(apps, schema_editor):
    runs = apps.get_model("jobs", "ScheduledRun").objects
    runs.filter(name="notifications.send_due_reminders").update(name="notifications.climb")


class Migration(migrations.Migration):
    dependencies = [('notifications', '0001_initial'), ('activity', '0001_initial'), ('jobs', '0001_initial')]

    operations = [
        migrations.RunPython(rename_kinds, rename_kinds_back),
        migrations.RenameModel("Rhythm", "ReminderSettings"),
        migrations.RenameField("deadline", "said", "sent_steps"),
        migrations.RunPython(rename_job, rename_job_back),
    ]
