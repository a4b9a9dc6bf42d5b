from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.commands import followthrough, serving

pytestmark = pytest.mark.slow


def team(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "followthrough.sqlite3")) as database:
        return str(database.execute("SELECT name FROM people_team").fetchone()[0])


def call_team(folder: Path, name: str) -> None:
    with closing(sqlite3.connect(folder / "followthrough.sqlite3")) as database, database:
        database.execute("DELETE FROM people_team")
        database.execute("INSERT INTO people_team (name, slug, what) VALUES (?, 'team', '')", [name])


def test_backup_of_a_running_server_is_restored_once_it_is_stopped(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    with serving(data):
        call_team(data, "Payments")
        backup = followthrough("backup", file, data=data)
        refused = followthrough("restore", file, "--yes", data=data)
    assert backup.returncode == 0, backup.stderr
    assert refused.returncode == 2
    assert "Stop it first" in refused.stderr

    call_team(data, "Newer")
    unasked = followthrough("restore", file, data=data)
    assert unasked.returncode == 1
    assert "Nothing was changed" in unasked.stderr
    assert team(data) == "Newer"

    restored = followthrough("restore", file, "--yes", data=data)
    assert restored.returncode == 0, restored.stderr
    assert team(data) == "Payments"
    assert team(next(data.glob("before-restore-*"))) == "Newer"
    assert not list(data.glob(".restoring-*"))


def test_doctor_says_what_is_wrong_and_how_to_mend_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret.key").write_text("k" * 50)
    with closing(sqlite3.connect(tmp_path / "data" / "followthrough.sqlite3")) as database:
        database.execute("CREATE TABLE earlier (name TEXT)")
    run = followthrough("doctor", data=tmp_path / "data", FOLLOWTHROUGH_MAIL_URL="smtp://127.0.0.1:9")
    assert run.returncode == 1
    assert "WRONG  Database: it is not up to date" in run.stdout
    assert "Start `followthrough serve` once" in run.stdout
    assert "WRONG  Mail: 127.0.0.1:9" in run.stdout

    (tmp_path / "data" / "followthrough.sqlite3").write_bytes(b"\xff" * 8192)
    run = followthrough("doctor", data=tmp_path / "data")
    assert run.returncode == 1
    assert "restore a backup" in run.stdout
