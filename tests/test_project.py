"""The project as a whole: its documents and its commands."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from followthrough.cli.main import app

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LATER = {"docs/screenshot.png"}
"""Made at the end of a release, from the finished pages."""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)", document.read_text())
    inside = [target for target in targets if "://" not in target and target not in LATER]
    assert [target for target in inside if not (document.parent / target).exists()] == []


def test_every_room_is_in_the_architecture() -> None:
    rooms = {path.parent.name for path in (ROOT / "src" / "followthrough").glob("*/__init__.py")}
    described = (ROOT / "docs" / "architecture.md").read_text()
    assert {room for room in rooms if f"`{room}`" not in described} == set()


def test_every_command_is_in_the_documents() -> None:
    words = "".join(document.read_text() for document in DOCUMENTS)
    names = {
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    }
    assert {
        name for name in names if f"`{name}`" not in words and f"followthrough {name}" not in words
    } == set()


def test_every_make_target_is_known() -> None:
    for target in ("run", "test", "check", "bench", "attack", "fuzz", "shape", "assets", "clean"):
        dry = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert dry.returncode == 0, dry.stderr
