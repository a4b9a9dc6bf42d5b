"""How the queue of tasks stands, and the retry of failed ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from followthrough.core.errors import Conflict

MAX_SHOWN = 50


@dataclass(frozen=True)
class Queue:
    """How many tasks are in each state, and how long the longest of those that are ready has waited."""

    waiting: int
    later: int
    running: int
    failed: int
    lateness: timedelta


def queue(*, now: datetime) -> Queue:
    """The figures; one query."""
    ready = Q(status=TaskResultStatus.READY)
    at_once = Q(run_after=get_date_max())
    due = ready & (Q(run_after__lte=now) | at_once)
    counts = DBTaskResult.objects.order_by().aggregate(
        ready=Count("pk", filter=ready),
        due=Count("pk", filter=due),
        running=Count("pk", filter=Q(status=TaskResultStatus.RUNNING)),
        failed=Count("pk", filter=Q(status=TaskResultStatus.FAILED)),
        oldest=Min("enqueued_at", filter=ready & at_once),
        overdue=Min("run_after", filter=due & Q(run_after__lte=now)),
    )
    since = min((moment for moment in (counts["oldest"], counts["overdue"]) if moment), default=now)
    later = counts["ready"] - counts["due"]
    return Queue(counts["due"], later, counts["running"], counts["failed"], max(timedelta(), now - since))


def tasks_in(status: TaskResultStatus) -> list[DBTaskResult[Any, Any]]:
    """Up to SHOWN tasks of one state, the latest first."""
    rows = DBTaskResult.objects.filter(status=status).defer("return_value")
    return list(rows.order_by("-enqueued_at")[:MAX_SHOWN])


def retry_failed(pk: UUID) -> None:
    """Puts a failed task back, with all its tries before it. Conflict if it did not fail."""
    failed = DBTaskResult.objects.filter(pk=pk, status=TaskResultStatus.FAILED)
    values = {
        "status": TaskResultStatus.READY,
        "run_after": timezone.now(),
        "finished_at": None,
        "worker_ids": [],
    }
    if not failed.update(**values):
        raise Conflict("This task is not among the failed ones any more. Nothing was changed.")
