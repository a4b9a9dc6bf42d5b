"""What check-ins said did not hold is marked so on the action, so that figures count it also where it was taken up again."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Min, OuterRef, Subquery


def mark_failed(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    outcomes = apps.get_model("check_ins", "CheckInOutcome").objects.filter(outcome="did_not_hold")
    first = outcomes.filter(action=OuterRef("pk")).order_by().values("action").annotate(first=Min("at"))
    actions = apps.get_model("actions", "ActionItem").objects
    actions.filter(pk__in=outcomes.values("action")).update(failed_at=Subquery(first.values("first")))


class Migration(migrations.Migration):
    dependencies = [("check_ins", "0002_answers_taken_back"), ("actions", "0002_holding")]

    operations = [migrations.RunPython(mark_failed, migrations.RunPython.noop)]
