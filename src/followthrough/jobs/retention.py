"""Retention: deleting what background work leaves behind."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from followthrough.jobs.models import ScheduledRun
from followthrough.jobs.work_claims import HEARTBEAT

RETENTION = timedelta(days=14)


def delete_finished() -> None:
    """Deletes finished tasks and heartbeats after two weeks, and sessions that have ended."""
    before = timezone.now() - RETENTION
    DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()
    ScheduledRun.objects.filter(name__startswith=HEARTBEAT, last_run_at__lt=before).delete()
    SessionStore.clear_expired()
