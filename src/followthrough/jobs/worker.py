"""The worker: carries out queued tasks (retry with backoff) and regular jobs, in a thread or its own process."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from followthrough.jobs.models import ScheduledRun
from followthrough.jobs.scheduler import RegularJob, end_early, run_due
from followthrough.jobs.work_claims import HEARTBEAT, Backoff, claim, is_gone, show_alive

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
"""Seconds between two looks at an empty queue."""
HOUSEKEEPING_SECONDS = 20.0
"""Seconds between two rounds: how often regular jobs, the heartbeat and crashed workers are looked after."""
RETRY_BACKOFF = Backoff([timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1)])

Stream = Callable[[str, threading.Event], int]
"""Work that waits in rows of its own: (the worker's name, stop) -> how many rows it carried out."""


def regular_jobs() -> Sequence[RegularJob]:
    """The jobs of the composition root."""
    jobs: Sequence[RegularJob] = import_string(settings.REGULAR_JOBS)
    return jobs


def work_streams() -> Sequence[Stream]:
    """The streams of the composition root."""
    streams: Sequence[Stream] = import_string(settings.WORK_STREAMS)
    return streams


class Worker:
    """Carries out one task at a time until `stop` is set; the task in hand is finished first."""

    def __init__(
        self, jobs: Sequence[RegularJob], stop: threading.Event, streams: Sequence[Stream] = ()
    ) -> None:
        self.jobs = jobs
        self.streams = streams
        self.stop = stop
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def run(self) -> None:
        """Loops; what goes wrong with the database is logged and tried again."""
        next_round = time.monotonic()
        while not self.stop.is_set():
            worked = False
            try:
                if time.monotonic() >= next_round:
                    next_round = time.monotonic() + HOUSEKEEPING_SECONDS
                    self.housekeeping()
                worked = self.take_task() | self.follow_streams()
            except Exception:
                log.exception("The worker could not go on; it tries again in %s seconds.", 10 * IDLE_SECONDS)
                self.stop.wait(9 * IDLE_SECONDS)
            self._release_connection()
            if not worked:
                self.stop.wait(IDLE_SECONDS)
        self._sign_off()

    def housekeeping(self) -> None:
        """Shows that this worker lives, takes back what crashed ones left, and runs the regular jobs that are due."""
        show_alive(self.name)
        reclaim_orphaned()
        run_due(self.jobs, now=timezone.now())

    def take_task(self) -> bool:
        """Carries out the next task that is ready; False when there is none."""
        row = DBTaskResult.objects.ready().first()
        if row is None:
            return False
        claimed = claim(
            DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.READY),
            status=TaskResultStatus.RUNNING,
            started_at=timezone.now(),
            worker_ids=[*row.worker_ids, self.name],
        )
        if claimed:
            row.refresh_from_db()
            run_task(row)
        return True

    def follow_streams(self) -> bool:
        """Carries out some of what waits in each stream; False when nothing did."""
        return sum(stream(self.name, self.stop) for stream in self.streams) > 0

    def _release_connection(self) -> None:
        # SQLite's file stays open: closing its last connection would write the whole log back each time.
        if connection.vendor != "sqlite":
            close_old_connections()

    def _sign_off(self) -> None:
        with suppress(Exception):
            end_early()
            ScheduledRun.objects.filter(name=HEARTBEAT + self.name).delete()
        connection.close()


def run_task(row: DBTaskResult[Any, Any]) -> None:
    """Runs a claimed task; a failed one is tried again later, four times in all."""
    try:
        result = row.task_result
        row.set_successful(row.task.call(*result.args, **result.kwargs))
    except Exception as error:
        log.exception("The task %s failed.", row.task_path)
        row.set_failed(error)
        if pause := RETRY_BACKOFF.unless_given_up(len(row.worker_ids)):
            _ready_again(DBTaskResult.objects.filter(pk=row.pk), after=pause)


def reclaim_orphaned() -> int:
    """Makes tasks ready again whose worker is gone; returns how many."""
    running = DBTaskResult.objects.running()
    left = [row.pk for row in running if not row.worker_ids or is_gone(row.worker_ids[-1])]
    if left:
        log.warning("%s unfinished tasks of a worker that is gone are carried out again.", len(left))
        _ready_again(running.filter(pk__in=left), after=timedelta())
    return len(left)


def _ready_again(rows: QuerySet[DBTaskResult[Any, Any]], *, after: timedelta) -> None:
    rows.update(status=TaskResultStatus.READY, run_after=timezone.now() + after, finished_at=None)
