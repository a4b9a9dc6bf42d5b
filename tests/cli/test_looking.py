"""Commands that check leave a folder as it was, and see what the service sees."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.commands import followthrough, serving

pytestmark = pytest.mark.slow


def contents(folder: Path) -> dict[str, str]:
    """What is in the folder, file by file; what a database holds, as reading one may tidy its files."""
    return {
        str(path.relative_to(folder)): fingerprint(path)
        for path in folder.rglob("*")
        if not path.name.endswith(("-wal", "-shm"))
    }


def fingerprint(path: Path) -> str:
    if path.is_dir():
        return ""
    return hashlib.sha256(rows(path) if path.suffix == ".sqlite3" else path.read_bytes()).hexdigest()


def rows(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as database:
        return "\n".join(database.iterdump()).encode()


@pytest.mark.parametrize(
    "words", [["doctor"], ["import", "rows.csv", "--preview"], ["restore", "rows.csv", "--yes"], ["backup"]]
)
def test_a_folder_that_is_not_there_stays_away(
    tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rows.csv").write_text("title,started\nPool drained,2026-11-20 14:03\n")
    run = followthrough(*words, data=tmp_path / "typo")
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_the_settings_are_listed_and_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = followthrough("config", data=Path("data"))
    assert "FOLLOWTHROUGH_DATA=data" in run.stdout
    assert not list(tmp_path.iterdir())


def test_a_database_of_a_later_version_is_not_served(data: Path) -> None:
    """Whoever goes back and forgets the backup is told; the old version would else write into what it does not know."""
    with closing(sqlite3.connect(data / "followthrough.sqlite3")) as database, database:
        words = "INSERT INTO django_migrations (app, name, applied) VALUES ('actions', '9999_later', '2027-01-01')"
        database.execute(words)
    before = rows(data / "followthrough.sqlite3")
    runs = [followthrough(*words, data=data) for words in (["serve", "--port", "0"], ["doctor"])]
    assert [run.returncode for run in runs] == [2, 1]
    assert "of a later version of Followthrough than this one. Install that version again" in runs[0].stderr
    assert "WRONG  Database: it is of a later version than this one" in runs[1].stdout
    assert rows(data / "followthrough.sqlite3") == before


def test_checks_leave_the_data_as_it_was(data: Path, tmp_path: Path) -> None:
    table, damaged = tmp_path / "rows.csv", tmp_path / "damaged.tar.gz"
    table.write_text("title,started\nPool drained,2026-11-20 14:03\n")
    damaged.write_bytes(b"not a backup")
    before = contents(data)
    assert "not set up yet" in followthrough("import", table, "--preview", data=data).stderr
    assert followthrough("restore", damaged, "--yes", data=data).returncode == 2
    assert followthrough("restore", tmp_path, "--yes", data=data).stderr.endswith("wrote.\n")
    assert followthrough("doctor", data=data).returncode == 0
    assert {name: value for name, value in contents(data).items() if not name.endswith(".lock")} == before


def test_a_missing_key_is_wrong_and_stays_missing(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    (copy / "secret.key").unlink()
    before = contents(copy)
    doctor = followthrough("doctor", data=copy)
    assert doctor.returncode == 1
    assert "WRONG  Secret key: it is missing" in doctor.stdout
    started = followthrough("serve", "--port", "0", data=copy)
    assert started.returncode == 2
    assert "secret key is missing" in started.stderr
    assert contents(copy) == before


def test_doctor_and_worker_see_what_the_server_sees(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "service.env"
    file.write_text(
        "# of the service\nFOLLOWTHROUGH_CURRENCY=USD\nFOLLOWTHROUGH_METRICS_TOKEN='a long token # 1'\n"
    )
    with serving(data, FOLLOWTHROUGH_CURRENCY="USD", FOLLOWTHROUGH_METRICS_TOKEN="secret") as (address, _):
        other, same = (
            followthrough("doctor", data=data),
            followthrough("--env-file", file, "doctor", data=data),
        )
        copy = tmp_path / "backup.tar.gz"
        assert followthrough("backup", copy, data=data).returncode == 0
        elsewhere = followthrough("restore", copy, "--yes", data=tmp_path / "elsewhere")
        again = followthrough("restore", copy, "--yes", data=tmp_path / "elsewhere")
    assert other.returncode == 1
    assert "FOLLOWTHROUGH_CURRENCY (USD there), FOLLOWTHROUGH_METRICS_TOKEN (set there)" in other.stdout
    assert same.returncode == 0, same.stdout
    assert f"people open {address}" in same.stdout
    assert elsewhere.returncode == again.returncode == 0, again.stderr
    assert "The data of before" not in elsewhere.stdout
    with closing(sqlite3.connect(tmp_path / "elsewhere" / "followthrough.sqlite3")) as database:
        workers = "SELECT name FROM jobs_scheduledrun WHERE name LIKE 'worker %'"
        assert database.execute(workers).fetchall() == []
    noted = json.loads((data / "server.json").read_text())
    assert (noted["base_url"], noted["metrics_token"], noted["mail_url"]) == (address, "set", "not set")


def test_a_worker_that_knows_no_address_does_not_start(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    (copy / "server.json").unlink(missing_ok=True)
    run = followthrough("worker", data=copy)
    assert run.returncode == 2
    assert "Set FOLLOWTHROUGH_BASE_URL" in run.stderr


def test_a_worker_without_a_database_says_who_makes_it(tmp_path: Path) -> None:
    run = followthrough("worker", data=tmp_path / "new", FOLLOWTHROUGH_BASE_URL="https://pm.example.org")
    assert run.returncode == 2
    assert "Start `followthrough serve` once." in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["backup", "/proc/nope.tar.gz"], "cannot be written"),
        (["serve", "--port", "80x"], "--port"),
        (["--env-file", "/nowhere/service.env", "doctor"], "cannot be read"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(data: Path, words: list[str], said: str) -> None:
    run = followthrough(*words, data=data)
    assert run.returncode == 2
    assert said in run.stderr
    assert run.stderr.count("\n") == 1
