"""Regular jobs, each carried out by one worker at a time and at most once per interval."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from followthrough.jobs.models import ScheduledRun

log = logging.getLogger(__name__)

CLOCKS_DIFFER = timedelta(minutes=5)
"""A run further ahead than this was noted before the clock was put back, so it holds nothing up."""


@dataclass(frozen=True)
class RegularJob:
    """Something to do every so often. `work` may be repeated after a crash, so it must not mind that."""

    name: str
    every: timedelta
    work: Callable[[], object]


def run_due(jobs: Iterable[RegularJob], *, now: datetime) -> list[str]:
    """Carries out the jobs whose interval has passed and returns their names; a failure waits for the next turn."""
    carried_out = []
    for job in jobs:
        if _claim(job, now):
            _carry_out(job)
            carried_out.append(job.name)
    return carried_out


def _claim(job: RegularJob, now: datetime) -> bool:
    runs = ScheduledRun.objects.filter(name=job.name)
    put_back = Q(last_run_at__gt=now + CLOCKS_DIFFER)
    due = Q(last_run_at=None) | Q(last_run_at__lte=now - job.every) | put_back
    if runs.filter(due).update(last_run_at=now):
        return True
    if runs.exists():
        return False
    return ScheduledRun.objects.get_or_create(name=job.name, defaults={"last_run_at": now})[1]


def _carry_out(job: RegularJob) -> None:
    try:
        job.work()
    except Exception:
        log.exception("The regular job %s failed; it is tried again after %s.", job.name, job.every)
