"""Measuring from the command line."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from followthrough.cli.evaluate import app
from followthrough.core.errors import DomainError

RUNNER = CliRunner()


@pytest.fixture
def history(tmp_path):
    rows = [
        {"org": "Example", "started_at": f"{2024 + n // 24}-{n // 2 % 12 + 1:02}-0{n % 2 + 3}T10:00:00Z",
         "components": ["api", "web"][: n % 2 + 1], "duration_min": 5 + n * 7 % 90}
        for n in range(48)
    ]  # fmt: skip
    file = tmp_path / "history.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    return file


def test_false_alarms_are_counted(history):
    said = RUNNER.invoke(app, ["alarms", str(history)]).output
    assert "2 series of months" in said
    assert "false alarms at a nominal 1%" in said


def test_false_claims_are_counted(history):
    said = RUNNER.invoke(app, ["changes", str(history)]).output
    assert "10 with 10" in said
    assert "20 with 20" in said


def test_a_file_that_cannot_be_measured_says_why(tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_text("not JSON")
    for command in ("alarms", "changes"):
        answer = RUNNER.invoke(app, [command, str(broken)])
        assert isinstance(answer.exception, DomainError)
        assert "Line 1" in answer.exception.message
