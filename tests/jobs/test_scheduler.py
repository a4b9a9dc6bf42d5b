from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from followthrough.config.regular_jobs import REGULAR_JOBS
from followthrough.jobs.scheduler import RegularJob, end_early, run_due

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.django_db
def test_job_runs_once_per_interval() -> None:
    runs: list[int] = []
    jobs = [RegularJob("count", timedelta(minutes=5), lambda: runs.append(1))]
    assert run_due(jobs, now=NOW) == ["count"]
    assert run_due(jobs, now=NOW + timedelta(minutes=4)) == []
    assert run_due(jobs, now=NOW + timedelta(minutes=5)) == ["count"]
    assert len(runs) == 2


@pytest.mark.django_db
def test_failing_job_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise RuntimeError("no")

    runs: list[int] = []
    jobs = [
        RegularJob("fails", timedelta(minutes=5), fail),
        RegularJob("works", timedelta(minutes=5), lambda: runs.append(1)),
    ]
    run_due(jobs, now=NOW)
    assert runs == [1]
    assert "The regular job fails failed" in caplog.text


def test_regular_jobs_have_names_of_their_own() -> None:
    names = [job.name for job in REGULAR_JOBS]
    assert len(set(names)) == len(names)


@pytest.mark.django_db
def test_what_runs_apart_holds_nothing_up_and_is_due_again_when_it_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun = []
    popen = subprocess.Popen
    monkeypatch.setattr(
        "followthrough.jobs.subprocess_runner.subprocess.Popen",
        lambda command, **_: begun.append(command[3:]) or popen(["sleep", "60"]),
    )
    heavy = [
        RegularJob(name, timedelta(hours=1), lambda: None, in_subprocess=True) for name in ("count", "learn")
    ]
    assert run_due(heavy, now=NOW) == ["count", "learn"]
    assert run_due(heavy, now=NOW + timedelta(hours=2)) == []
    end_early()
    assert run_due(heavy, now=NOW + timedelta(minutes=1)) == ["count", "learn"]
    end_early()
    assert begun == [["count", "learn"]] * 2
