from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from followthrough.jobs.models import ScheduledRun
from followthrough.jobs.retention import delete_finished
from followthrough.jobs.work_claims import HEARTBEAT, alive_workers
from followthrough.jobs.worker import Worker, reclaim_orphaned
from tests.jobs import sample_tasks
from tests.shared_data import ROOT, run_python


def make_worker() -> Worker:
    return Worker([], threading.Event())


@pytest.mark.django_db
def test_task_is_carried_out(tmp_path: Path) -> None:
    sample_tasks.write.enqueue(str(tmp_path / "note"), "hello")
    worker = make_worker()
    assert worker.take_task()
    assert (tmp_path / "note").read_text() == "hello"
    row = DBTaskResult.objects.get()
    assert (row.status, row.return_value) == ("SUCCESSFUL", "hello")
    assert not worker.take_task()


@pytest.mark.django_db
def test_failed_task_is_tried_again_later_but_not_for_ever() -> None:
    sample_tasks.fail.enqueue()
    worker = make_worker()
    waits = []
    for _ in range(4):
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
        assert worker.take_task()
        row = DBTaskResult.objects.get()
        waits.append(round((row.run_after - timezone.now()) / timedelta(minutes=1)))
    assert waits[:3] == [1, 10, 60]
    assert row.status == "FAILED"
    assert "the mail server did not answer" in row.traceback


@pytest.mark.django_db
def test_only_tasks_of_workers_that_are_gone_are_taken_back() -> None:
    alive = make_worker()
    for name in (alive.name, "elsewhere:1:ab", "elsewhere:2:cd"):
        result = sample_tasks.fail.enqueue()
        DBTaskResult.objects.filter(pk=result.id).update(status="RUNNING", worker_ids=[name])
    ScheduledRun.objects.create(name=HEARTBEAT + "elsewhere:1:ab", last_run_at=timezone.now())
    assert reclaim_orphaned() == 1
    assert DBTaskResult.objects.get(status="READY").worker_ids == ["elsewhere:2:cd"]


@pytest.mark.django_db
def test_worker_shows_that_it_lives() -> None:
    assert alive_workers() == 0
    make_worker().housekeeping()
    assert alive_workers() == 1


@pytest.mark.django_db
def test_old_results_are_thrown_away() -> None:
    for days in (1, 20):
        result = sample_tasks.fail.enqueue()
        DBTaskResult.objects.filter(pk=result.id).update(
            status="SUCCESSFUL", finished_at=timezone.now() - timedelta(days=days)
        )
    delete_finished()
    assert DBTaskResult.objects.count() == 1


@pytest.mark.slow
def test_task_survives_kill_9(data: Path, tmp_path: Path) -> None:
    enqueue = "import django; django.setup(); from tests.jobs.sample_tasks import note_and_wait as chore; "
    run_python("-c", f"{enqueue}chore.enqueue({str(tmp_path)!r})", data=data)
    first = _start_worker(data)
    _await(tmp_path / "begun", first)
    first.kill()
    first.wait()
    second = _start_worker(data)
    _await(tmp_path / "finished", second)
    second.send_signal(signal.SIGINT)
    assert second.wait(timeout=60) == 0


def _start_worker(data: Path) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    environment = os.environ | {
        "FOLLOWTHROUGH_DATA": str(data),
        "FOLLOWTHROUGH_BASE_URL": "http://followthrough.test",
        "PYTHONPATH": paths,
    }
    command = [sys.executable, "-m", "followthrough", "worker"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _await(path: Path, worker: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while not path.exists():
        assert worker.poll() is None, "the worker ended"
        assert time.monotonic() < deadline, f"{path.name} did not appear"
        time.sleep(0.1)
