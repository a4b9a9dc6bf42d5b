from __future__ import annotations

import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from followthrough.cli import backup_archive, bootstrap
from followthrough.cli.data_lock import data_folder_lock, restore_lock
from followthrough.cli.main import app
from followthrough.config.environment import Environment
from followthrough.core.errors import DomainError
from tests.cli.commands import followthrough

POSTGRESQL = "postgresql://u:secret@127.0.0.1:1/x"
COMMANDS = {
    "action",
    "serve",
    "worker",
    "demo",
    "import",
    "backup",
    "restore",
    "doctor",
    "config",
    "evaluate",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [["sreve"], ["serve", "--port", "x"], ["restore"], ["backup", "--data", "/dev/null"]]
)
def test_wrong_words_end_with_one_line(tmp_path: Path, words: list[str]) -> None:
    run = followthrough(*words, data=tmp_path)
    assert run.returncode == 2
    assert run.stderr.startswith("followthrough: ")
    assert run.stderr.count("\n") == 1


@pytest.mark.slow
def test_wrong_setting_is_named(tmp_path: Path) -> None:
    run = followthrough("serve", "--port", "0", data=tmp_path, FOLLOWTHROUGH_LOG_LEVEL="loud")
    assert run.returncode == 2
    assert "FOLLOWTHROUGH_LOG_LEVEL is 'loud'" in run.stderr
    assert "'DEBUG', 'INFO', 'WARNING' or 'ERROR'" in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.slow
def test_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = followthrough("serve", "--port", taken.getsockname()[1], data=tmp_path)
    assert run.returncode == 2
    assert "Choose another with --port" in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.slow
def test_postgresql_is_backed_up_by_its_own_tool(tmp_path: Path) -> None:
    url = "postgresql://someone@127.0.0.1:9/followthrough"
    run = followthrough("backup", data=tmp_path, FOLLOWTHROUGH_DATABASE_URL=url)
    assert run.returncode == 2
    assert "pg_dump" in run.stderr


@pytest.mark.parametrize("name", ["serve.lock", "worker.lock"])
def test_a_folder_of_somebody_else_is_said_with_what_to_do(tmp_path: Path, name: str) -> None:
    """A folder in the place of the file stands for one of root's: tests run by root may open everything."""
    (tmp_path / name).mkdir()
    with pytest.raises(DomainError, match="chown -R ACCOUNT"), restore_lock(tmp_path, refusal="Stop it"):
        pass


def test_a_backup_that_does_not_fit_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, target = tmp_path / "data", tmp_path / "monday.tar.gz"
    data.mkdir()
    with closing(sqlite3.connect(data / "followthrough.sqlite3")) as database:
        database.execute("CREATE TABLE x (y)")
    backup_archive.write_archive(data, target, made_at=datetime.now().astimezone())
    full = shutil.disk_usage(tmp_path)._replace(free=0)
    monkeypatch.setattr("shutil.disk_usage", lambda _: full)
    with pytest.raises(DomainError, match=r"no room in .* nothing was changed"):
        app(["restore", str(target), "--yes", "--data", str(tmp_path / "other")], standalone_mode=False)
    assert not (tmp_path / "other").exists()


def test_it_says_which_version_it_is() -> None:
    said = CliRunner().invoke(app, ["--version"]).stdout
    assert re.fullmatch(r"Followthrough \d+\.\d+\.\d+\S*\n", said)


def test_overview_names_every_command() -> None:
    overview = CliRunner().invoke(app, [])
    assert overview.exit_code == 0
    listed = overview.stdout.partition("Commands:\n")[2].splitlines()
    assert {line.split()[0] for line in listed} == COMMANDS


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(command: str) -> None:
    page = CliRunner().invoke(app, [command, "--help"])
    assert page.exit_code == 0
    assert "Example" in page.stdout
    assert "<" not in page.stdout


def test_help_says_what_to_give_and_is_not_cut_off() -> None:
    overview = (
        CliRunner().invoke(app, ["--help"]).stdout + CliRunner().invoke(app, ["evaluate", "--help"]).stdout
    )
    assert "..." not in overview.replace("[ARGS]...", "")
    assert (
        "followthrough import [OPTIONS] FILE…\n"
        in CliRunner().invoke(app, ["import", "--help"], prog_name="followthrough").stdout
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["serve", "--port", "70000"], "--port is 70000; choose one between 0 and 65535."),
        (["serve", "--host", "999.9.9.9", "--port", "0"], "Choose one with --host"),
        (["serve", "--host", "192.0.2.1", "--port", "0"], "Choose one with --host"),
        (["demo", "--scale", "-1"], "--scale is -1; choose nought or more."),
        (["import"], "Name at least one file."),
        (["backup", "--data", "nowhere"], "nowhere, so there is nothing to back up"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DomainError, match=re.escape(said)):
        app(words, standalone_mode=False)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("words", [["serve", "--port", "0"], ["worker"]])
def test_a_database_that_is_away_is_one_line(tmp_path: Path, words: list[str]) -> None:
    away = {"FOLLOWTHROUGH_DATABASE_URL": POSTGRESQL, "FOLLOWTHROUGH_BASE_URL": "https://pm.example.org"}
    run = followthrough(*words, data=tmp_path, **away)
    assert run.returncode == 2
    assert "FOLLOWTHROUGH_DATABASE_URL" in run.stderr
    assert "correct the address" in run.stderr
    assert run.stderr.count("\n") == 1
    assert "secret" not in run.stderr


@pytest.mark.slow
def test_a_damaged_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "followthrough.sqlite3").write_bytes(b"\xff" * 8192)
    (tmp_path / "secret.key").write_text("k" * 50)
    for words in (["demo"], ["backup", tmp_path / "b.tar.gz"]):
        run = followthrough(*words, data=tmp_path)
        assert run.returncode == 2
        assert "followthrough.sqlite3 cannot be" in run.stderr
        assert run.stderr.count("\n") == 1


def test_one_server_has_the_folder_to_itself(tmp_path: Path) -> None:
    holder = "import sys, pathlib; from followthrough.cli.data_lock import data_folder_lock as u\n"
    holder += "with u(pathlib.Path(sys.argv[1]), refusal=''): print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", holder, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(DomainError, match="Stop it"), data_folder_lock(tmp_path, refusal="Stop it"):
            pass
        other.kill()
        other.wait()
        with data_folder_lock(tmp_path, refusal="Stop it"):
            pass


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("secret_key", "a", "32 characters"),
        ("currency", "😀", "three capital letters"),
        ("debug", "perhaps", "true or false"),
        ("base_url", "https://pm.example.org/follow", "a host name of its own"),
        ("base_url", "https://pm.example.org:99999", "an address such as"),
        ("base_url", "https://priya:pw@pm.example.org", "an address such as"),
        ("base_url", "https://pm.example.org?x", "an address such as"),
        ("base_url", "pm.example.org", "an address such as"),
    ],
)
def test_settings_that_cannot_be_are_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"FOLLOWTHROUGH_{name.upper()}", value)
    with pytest.raises(ValidationError) as refused:
        Environment()
    words = [bootstrap._describe(dict(problem)) for problem in refused.value.errors()]
    assert len(words) == 1
    assert said in words[0]
    assert f"FOLLOWTHROUGH_{name.upper()} is" in words[0]
