from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from followthrough.cli.main import app
from tests.cli.commands import followthrough

COMMANDS = {
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
