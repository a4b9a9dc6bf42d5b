"""The scheduler of regular jobs (cron): each claimed by one worker at a time, at most once per interval."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from followthrough.jobs import subprocess_runner, work_claims
from followthrough.jobs.models import ScheduledRun

log = logging.getLogger(__name__)

MAX_CLOCK_SKEW = timedelta(minutes=5)
"""A run further ahead than this was noted before the clock was put back, so it holds nothing up."""


@dataclass(frozen=True)
class RegularJob:
    """Something to do every so often. `work` may be repeated after a crash, so it must not mind that; `what` says
    it to administrators; `apart` is for work that loads much which the server should not keep."""

    name: str
    every: timedelta
    work: Callable[[], object]
    what: str = ""
    in_subprocess: bool = False


@dataclass(frozen=True)
class Turn:
    """How a regular job stands: its row (None before its first run) and how late it is."""

    job: RegularJob
    run: ScheduledRun | None
    lateness: timedelta


def turns(jobs: Iterable[RegularJob], *, now: datetime) -> list[Turn]:
    """How each job stands; one query."""
    runs = {run.name: run for run in ScheduledRun.objects.all()}
    return [Turn(job, runs.get(job.name), _lateness(job, runs.get(job.name), now)) for job in jobs]


def _lateness(job: RegularJob, run: ScheduledRun | None, now: datetime) -> timedelta:
    if run is None or run.last_run_at is None:
        return timedelta()
    return max(timedelta(), now - run.last_run_at - job.every)


def run_due(jobs: Iterable[RegularJob], *, now: datetime) -> list[str]:
    """Carries out the jobs whose interval has passed and returns their names; a failure waits for the next turn.

    Those that run apart are only begun, and wait while earlier ones are still at work.
    """
    is_busy = subprocess_runner.is_busy()
    due = [job for job in jobs if not (job.in_subprocess and is_busy) and _claim(job, now)]
    for job in due:
        if not job.in_subprocess:
            run_claimed(job)
    if beginning := [job.name for job in due if job.in_subprocess]:
        subprocess_runner.run_in_subprocess(beginning)
    return [job.name for job in due]


def end_early() -> None:
    """Ends what runs apart, for a worker that stops; it is due again at once."""
    if names := subprocess_runner.terminate():
        make_due(*names)


def make_due(*names: str) -> None:
    """Gives these jobs the next turn, however long ago their last was: what they look at has changed."""
    ScheduledRun.objects.filter(name__in=names).update(last_run_at=None)


def run_claimed(job: RegularJob) -> None:
    """Does the work here and now; notes how long it took and what went wrong."""
    begun, error = time.monotonic(), ""
    try:
        job.work()
    except Exception as problem:
        log.exception("The regular job %s failed; it is tried again after %s.", job.name, job.every)
        error = f"{type(problem).__name__}: {problem}"[:300]
    took = round(1000 * (time.monotonic() - begun))
    ScheduledRun.objects.filter(name=job.name).update(took_ms=took, error=error)


def _claim(job: RegularJob, now: datetime) -> bool:
    runs = ScheduledRun.objects.filter(name=job.name)
    put_back = Q(last_run_at__gt=now + MAX_CLOCK_SKEW)
    due = Q(last_run_at=None) | Q(last_run_at__lte=now - job.every) | put_back
    if work_claims.claim(runs.filter(due), last_run_at=now):
        return True
    if runs.exists():
        return False
    return ScheduledRun.objects.get_or_create(name=job.name, defaults={"last_run_at": now})[1]
