from __future__ import annotations

import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx
import psutil
import pytest

from followthrough.config.regular_jobs import REGULAR_JOBS
from tests.cli.commands import followthrough, interrupt, serving

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_serve_starts_and_stops_cleanly(data: Path, how: signal.Signals) -> None:
    with serving(data) as (address, server):
        assert httpx.get(f"{address}/", follow_redirects=True, timeout=60).status_code == 200
        doctor = followthrough("doctor", data=data)
        status, output = interrupt(server, how)
    assert status == 0
    assert address in output
    assert "Stopped." in output
    assert "Traceback" not in output
    assert doctor.returncode == 0, doctor.stdout
    assert "Worker: 1 running" in doctor.stdout


def test_first_administrator_comes_in_with_the_code_from_the_terminal(tmp_path: Path) -> None:
    with (
        serving(tmp_path / "data") as (address, server),
        httpx.Client(base_url=address, timeout=60) as browser,
    ):
        page = browser.get("/", follow_redirects=True)
        assert page.url.path == "/setup/"
        _, output = interrupt(server)
    code = output.partition("one-time code: ")[2].split()[0]
    with serving(tmp_path / "data") as (address, _), httpx.Client(base_url=address, timeout=60) as browser:
        browser.get("/setup/")
        facts = {
            "code": code,
            "name": "Priya Nair",
            "email": "priya@example.org",
            "password": "kettle on the stove",
            "zone": "Asia/Kolkata",
            "csrfmiddlewaretoken": browser.cookies["followthrough_csrf"],
        }
        assert browser.post("/setup/", data=facts).status_code == 302
        assert browser.get("/profile/").status_code == 200
        assert browser.get("/setup/").status_code == 404


def test_behind_a_proxy_it_names_the_address_that_people_open(tmp_path: Path) -> None:
    opened = "https://pm.example.org"
    with serving(tmp_path / "data", FOLLOWTHROUGH_BASE_URL=opened) as (address, server):
        beside = httpx.get(f"{address}/setup/", timeout=60)
        page = httpx.get(f"{address}/setup/", headers={"Host": "pm.example.org"}, timeout=60)
        _, output = interrupt(server)
    assert (beside.status_code, page.status_code) == (400, 200)
    assert "FOLLOWTHROUGH_BASE_URL is the address that people open" in beside.text
    assert f"Open {opened}/setup/" in output
    assert f"It listens at {address}/" in output
    assert "FOLLOWTHROUGH_HOSTS" in output
    assert "Traceback" not in output


def test_idle_server_is_small_and_its_regular_jobs_ran(data: Path) -> None:
    with serving(data) as (address, server):
        for _ in range(5):
            httpx.get(f"{address}/accounts/login/", timeout=60)
        last_run = None
        while last_run is None:
            time.sleep(0.2)
            last_run = ran(data, REGULAR_JOBS[-1].name)
        own = psutil.Process(server.pid)
        while any(map(is_at_work, own.children())):
            time.sleep(0.2)
        assert own.memory_info().rss / 1e6 < 160
        _, output = interrupt(server)
    assert "failed" not in output


def is_at_work(child: psutil.Process) -> bool:
    """Whether it has not ended; it may do so while it is asked."""
    try:
        return bool(child.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def ran(data: Path, job: str) -> str | None:
    """When the regular job last ran."""
    with closing(sqlite3.connect(data / "followthrough.sqlite3")) as database:
        row = database.execute("SELECT last_run_at FROM jobs_scheduledrun WHERE name = ?", [job]).fetchone()
    return row[0] if row else None
