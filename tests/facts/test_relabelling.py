"""Rows that named records and tasks by the room that facts and similarity came from are found in the new ones."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django_tasks_db.models import DBTaskResult

from followthrough.activity.models import Activity
from followthrough.activity.operations import record
from followthrough.jobs.models import ScheduledRun
from followthrough.similarity import tasks
from tests.factories import make_incident

pytestmark = pytest.mark.django_db
MOVE = import_module("followthrough.patterns.migrations.0006_facts_and_similarity")


def test_the_log_types_tasks_and_jobs_follow_and_go_back():
    row = record(make_incident("Old and new"), "resolved", by=None)
    Activity.objects.filter(pk=row.pk).update(kind="patterns.similarityfeedback")
    ContentType.objects.filter(app_label="facts", model="outcome").delete()
    ContentType.objects.create(app_label="patterns", model="outcome")
    tasks.write_texts.enqueue([1])
    DBTaskResult.objects.update(task_path="followthrough.patterns.similar.tasks.write_texts")
    ScheduledRun.objects.create(name="patterns.learn_words")

    MOVE.relabel(apps, None)
    assert named(row) == (
        "similarity.similarityfeedback",
        "facts",
        tasks.write_texts.module_path,
        "similarity.fit_index",
    )
    MOVE.relabel_back(apps, None)
    assert named(row)[0] == "patterns.similarityfeedback"


def named(row: Activity) -> tuple[str, str, str, str]:
    row.refresh_from_db()
    return (
        row.kind,
        ContentType.objects.get(model="outcome").app_label,
        DBTaskResult.objects.values_list("task_path", flat=True).distinct().get(),
        ScheduledRun.objects.get().name,
    )
