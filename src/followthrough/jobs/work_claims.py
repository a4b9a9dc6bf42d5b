"""Claims on work (leases by conditional UPDATE), taking back what a worker that is gone had claimed, and retry with backoff."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from followthrough.jobs.models import ScheduledRun

HEARTBEAT = "worker "
HEARTBEAT_TIMEOUT = timedelta(minutes=10)
"""After this long without a heartbeat a worker on another machine counts as gone; no task may take longer."""


@dataclass(frozen=True)
class Backoff:
    """How long work that failed waits before it is tried again, after each failure in a row."""

    pauses: Sequence[timedelta]

    def after(self, failures: int) -> timedelta:
        """The pause after the `failures`-th failure, from 1 on; the last one is repeated."""
        return self.pauses[min(failures, len(self.pauses)) - 1]

    def unless_given_up(self, failures: int) -> timedelta | None:
        """The same for work that is given up after the last pause: None then."""
        return self.after(failures) if failures <= len(self.pauses) else None


def doubling(first: timedelta, *, most: timedelta) -> Backoff:
    """Pauses of `first`, twice as long and so on, the longest `most`."""
    pauses = [first]
    while pauses[-1] < most:
        pauses.append(min(2 * pauses[-1], most))
    return Backoff(pauses)


def claim(free: QuerySet[Any], **marks: object) -> int:
    """Marks rows for who comes first, and says how many: 0 if somebody was quicker.

    `free` must be filtered by what the marks change, so that the database lets one of two through.
    """
    return free.update(**marks)


def reclaim(rows: QuerySet[Any], field: str) -> int:
    """Lets others have what workers that are gone had claimed by their name in `field`; returns how many rows."""
    held = rows.exclude(**{field: ""}).order_by()
    gone = [worker for worker in held.values_list(field, flat=True).distinct() if is_gone(worker)]
    return rows.filter(**{f"{field}__in": gone}).update(**{field: ""}) if gone else 0


def show_alive(worker: str) -> None:
    """The heartbeat of the worker of that name."""
    now = timezone.now()
    ScheduledRun.objects.update_or_create(name=HEARTBEAT + worker, defaults={"last_run_at": now})


def alive_workers() -> int:
    """How many workers have shown that they live."""
    beats = ScheduledRun.objects.filter(name__startswith=HEARTBEAT)
    return sum(not is_gone(beat.name.removeprefix(HEARTBEAT)) for beat in beats)


def is_gone(worker: str) -> bool:
    """Whether the worker of that name no longer works on what it claimed."""
    host, pid, _ = worker.rsplit(":", 2)
    if host == socket.gethostname():
        return not _is_running(int(pid))
    beat = ScheduledRun.objects.filter(name=HEARTBEAT + worker).first()
    return beat is None or beat.last_run_at is None or beat.last_run_at < timezone.now() - HEARTBEAT_TIMEOUT


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
