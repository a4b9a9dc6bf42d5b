"""Rows that were written while the meetings were one room are found under the rooms of today."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from followthrough.activity.models import Activity
from followthrough.jobs.models import ScheduledRun
from followthrough.scheduling.operations.team_calendars import put_event

pytestmark = pytest.mark.django_db


def migrated(module: str, function: str) -> None:
    carry_out: Any = getattr(import_module(f"followthrough.{module}"), function)
    carry_out(apps, None)


def test_the_log_names_outcomes_by_their_new_kind() -> None:
    row = Activity.objects.create(
        topic="incident:1", seq=1, verb="recorded", kind="meetings.checkinoutcome", record="7"
    )
    ContentType.objects.filter(model="checkinoutcome").update(app_label="meetings")
    migrated("check_ins.migrations.0001_initial", "rename_kind")
    row.refresh_from_db()
    assert row.kind == "check_ins.checkinoutcome"
    assert ContentType.objects.get(model="checkinoutcome").app_label == "check_ins"


def test_queued_work_finds_its_function() -> None:
    waiting = put_event.enqueue(1, 2)
    tasks = DBTaskResult.objects.filter(pk=waiting.id)
    path = tasks.get().task_path
    tasks.update(task_path="followthrough.meetings.team_calendars.put_event")
    ScheduledRun.objects.create(name="meetings.read_replies", last_run_at=timezone.now())
    migrated("scheduling.migrations.0001_rename_queued_work", "rename")
    assert tasks.get().task_path == path
    assert ScheduledRun.objects.get().name == "scheduling.read_replies"
