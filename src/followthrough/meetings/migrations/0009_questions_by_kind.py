"""Each kind of event gets questions of its own. Questions that an organisation wrote or changed are asked of all, as before."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import followthrough.core.fields

KINDS = [
    ("outage", "Outage"),
    ("failed_deployment", "Failed deployment"),
    ("missed_deadline", "Missed deadline"),
    ("project_end", "Project's end"),
    ("launch", "Launch"),
]
OF_OUTAGES = {
    "When did it start, and when was it first detected?": "When did it start, and when was it noticed?",
    "What changed in the system or code in the 24 hours before?": "What exactly was deployed, and what else changed in the 24 hours before?",
    "How long did each response stage take, from alert to diagnosis to resolution?": "How long did it take to notice, to decide to go back, and to be back?",
    "What was the direct technical cause, and what conditions allowed it?": "What was different from what had been tested, and what conditions allowed it?",
    "Did monitoring, alerting or on-call fail to catch it in time?": "Which check before, during or after the deployment could have caught it?",
    "Which users, services and revenue were affected, and for how long?": "Which users, services and revenue were affected, and for how long?",
    "What did it cost in engineer hours, trust and service-level compliance?": "What did it cost in engineer hours, trust and work that waited?",
    "What single change would have prevented it entirely?": "What would have kept it small: fewer changes at once, fewer machines first, a quicker way back?",
    "Which recurring bottlenecks does it expose in deployment or review?": "Which recurring bottlenecks does it expose in deployment or review?",
}
"""{a question of outages: the one that is asked of failed deployments in its place}."""
OF_OTHERS = {
    "missed_deadline": {
        "timeline": [
            ("When was the date promised, to whom, and on what grounds?", "beginning"),
            ("When could it first be seen that the date would not hold, and when was it said?", ""),
            ("What changed in scope, people or priorities on the way?", ""),
        ],
        "root_cause": [
            ("What was not known or not counted when the date was set?", ""),
            ("What made it hard to say earlier that the date was at risk?", ""),
        ],
        "impact": [
            ("How late was it, and who waited for it?", "lateness"),
            ("What did it cost: money, other work put off, trust?", "cost"),
        ],
        "prevention": [
            ("What would have shown the delay weeks earlier?", ""),
            ("What could have been left out, and who could have decided that?", ""),
        ],
    },
    "project_end": {
        "timeline": [
            ("What was planned, and when did it begin and end?", "beginning"),
            ("Which decisions turned the project, and what was known when they were made?", ""),
            ("What changed in scope, people or priorities on the way?", ""),
        ],
        "root_cause": [
            ("What helped most to reach what was reached?", ""),
            ("Where did plan and outcome part, and what led to it?", ""),
        ],
        "impact": [
            ("What was delivered, and how far from the planned end?", "lateness"),
            ("What did it cost beyond the plan, and what did it bring?", "cost"),
        ],
        "prevention": [
            ("What should the next project keep doing?", ""),
            ("What should the next project do from its first week that this one learnt late?", ""),
        ],
    },
    "launch": {
        "timeline": [
            ("What was planned for the launch, and when did each step happen?", "beginning"),
            ("What surprised us, and when did we see it?", ""),
            ("Which decisions were made on the day, and what was known then?", ""),
        ],
        "root_cause": [
            ("Which preparations paid off, and which were missing?", ""),
            ("Where did hand-overs between teams help or hinder?", ""),
        ],
        "impact": [
            ("Who came, what did they do, and how does it compare with what we hoped for?", ""),
            ("How far from the planned date was it, and what did it cost?", "lateness"),
        ],
        "prevention": [
            ("What should be on the checklist of the next launch?", ""),
            ("What would we rehearse before the next one?", ""),
        ],
    },
}


def fill(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    question = apps.get_model("meetings", "Question")
    own = list(question.objects.filter(text__in=OF_OUTAGES, kind=""))
    wanted = [(one.phase, "failed_deployment", OF_OUTAGES[one.text], one.answered_from) for one in own]
    question.objects.filter(pk__in=[one.pk for one in own]).update(kind="outage")
    wanted += [
        (phase, kind, text, source)
        for kind, phases in OF_OTHERS.items()
        for phase, questions in phases.items()
        for text, source in questions
    ]
    last = dict(question.objects.order_by("position").values_list("phase", "position"))
    question.objects.bulk_create(
        question(phase=phase, kind=kind, text=text, answered_from=source, position=last.get(phase, -1) + place)
        for place, (phase, kind, text, source) in enumerate(wanted, start=1)
    )


class Migration(migrations.Migration):
    in_new_databases = True

    dependencies = [("meetings", "0008_uids")]
    operations = [
        migrations.AddField(
            model_name="question",
            name="kind",
            field=followthrough.core.fields.LineField(
                blank=True,
                choices=KINDS,
                default="",
                help_text="The only kind of event that it is asked of; all where empty.",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="answered_from",
            field=followthrough.core.fields.LineField(
                blank=True,
                choices=[
                    ("beginning", "When it began and was detected, or ended"),
                    ("changes", "Changes of the 24 hours before"),
                    ("stages", "How long the stages of the response took"),
                    ("detection", "What detected it"),
                    ("affected", "Who was affected and for how long"),
                    ("cost", "What it cost"),
                    ("lateness", "How far from its planned end it ended"),
                    ("decided", "How many findings are covered"),
                    ("waiting", "How many earlier actions are not done"),
                    ("done", "How many earlier actions were done"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
