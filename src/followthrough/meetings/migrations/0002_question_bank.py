"""The questions every organisation starts with; it may edit, reorder, switch off and add."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

BANK = {
    "timeline": [
        ("When did it start, and when was it first detected?", "beginning"),
        ("What changed in the system or code in the 24 hours before?", "changes"),
        ("How long did each response stage take, from alert to diagnosis to resolution?", "stages"),
    ],
    "root_cause": [
        ("What was the direct technical cause, and what conditions allowed it?", ""),
        ("Which earlier warning signs went unnoticed or unacted on?", ""),
        ("Did monitoring, alerting or on-call fail to catch it in time?", "detection"),
    ],
    "impact": [
        ("Which users, services and revenue were affected, and for how long?", "affected"),
        ("What did it cost in engineer hours, trust and service-level compliance?", "cost"),
    ],
    "prevention": [
        ("What single change would have prevented it entirely?", ""),
        ("Which recurring bottlenecks does it expose in deployment or review?", ""),
        ("What does each action need, an owner and a deadline, before we close this meeting?", "decided"),
    ],
    "looking_back": [
        ("What worked and should be repeated?", ""),
        ("What broke down, and why?", ""),
        ("What specific change prevents it next time?", ""),
    ],
    "returning": [
        ("Were the earlier actions too slow?", "waiting"),
        ("Were they the right ones?", "done"),
        ("Was it a band-aid? What would have to change so that it cannot come back in another place?", ""),
    ],
}


def fill(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    question = apps.get_model("meetings", "Question")
    question.objects.bulk_create(
        question(phase=phase, text=text, position=position, answered_from=source)
        for phase, questions in BANK.items()
        for position, (text, source) in enumerate(questions)
    )


class Migration(migrations.Migration):
    in_new_databases = True

    dependencies = [("meetings", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
