from django.db import migrations

KINDS = {'calendars.feed': 'calendars.calendarfeed'}


def rename_kinds(apps, schema_editor):
    activity = apps.get_model("activity", "Activity")
    for old, new in KINDS.items():
        activity.objects.filter(kind=old).update(kind=new)


def rename_kinds_back(apps, schema_editor):
    activity = apps.get_model("activity", "Activity")
    for old, new in KINDS.items():
        activity.objects.filter(kind=new).update(kind=old)


class Migration(migrations.Migration):
    dependencies = [('calendars', '0002_calendar_check'), ('activity', '0001_initial')]

    operations = [
        migrations.RunPython(rename_kinds, rename_kinds_back),
        migrations.RenameModel("Feed", "CalendarFeed"),
        migrations.RenameField("busycalendar", "sealed", "encrypted"),
        migrations.RenameField("teamcalendar", "sealed", "encrypted"),
        migrations.RenameField("calendarcheck", "sealed", "encrypted"),
    ]
