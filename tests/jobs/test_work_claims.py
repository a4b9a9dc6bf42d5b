"""How often and how long work that failed waits, and who gets what several want."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from followthrough.jobs.models import ScheduledRun
from followthrough.jobs.work_claims import Backoff, claim, doubling, reclaim

MINUTE = timedelta(minutes=1)


def test_pauses_grow_and_the_last_is_repeated_or_the_end() -> None:
    pauses = Backoff([MINUTE, 10 * MINUTE])
    assert [pauses.after(failures) / MINUTE for failures in (1, 2, 3, 99)] == [1, 10, 10, 10]
    assert [pauses.unless_given_up(failures) for failures in (1, 2, 3)] == [MINUTE, 10 * MINUTE, None]


def test_pauses_double_up_to_the_longest() -> None:
    pauses = doubling(15 * MINUTE, most=timedelta(hours=6))
    assert [pauses.after(failures) / MINUTE for failures in range(1, 8)] == [15, 30, 60, 120, 240, 360, 360]


@pytest.mark.django_db
def test_of_two_who_saw_it_free_one_gets_it() -> None:
    ScheduledRun.objects.create(name="sweep")
    free = ScheduledRun.objects.filter(name="sweep", last_run_at=None)
    assert [claim(free, last_run_at=timezone.now()) for _ in range(2)] == [1, 0]


@pytest.mark.django_db
def test_what_a_worker_that_is_gone_had_is_free_again() -> None:
    for name, worker in (("lost", "elsewhere:1:ab"), ("held", "elsewhere:2:cd"), ("free", "")):
        ScheduledRun.objects.create(name=name, error=worker)
    ScheduledRun.objects.create(name="worker elsewhere:2:cd", last_run_at=timezone.now())
    assert reclaim(ScheduledRun.objects.all(), "error") == 1
    assert dict(ScheduledRun.objects.exclude(error="").values_list("name", "error")) == {
        "held": "elsewhere:2:cd"
    }
