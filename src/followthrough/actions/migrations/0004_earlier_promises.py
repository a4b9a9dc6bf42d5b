"""What was promised before owners were asked counts as accepted."""

from django.db import migrations
from django.db.models import F


def accept_promises(apps, _):
    promised = apps.get_model("actions", "ActionItem").objects.exclude(committed_at=None).exclude(owner=None)
    promised.exclude(state="proposed").update(accepted_at=F("committed_at"))


class Migration(migrations.Migration):
    dependencies = [("actions", "0003_acceptance")]

    operations = [migrations.RunPython(accept_promises, migrations.RunPython.noop)]
