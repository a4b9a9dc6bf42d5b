"""The shape of the package: promised names or pure reasoning, no circles, layers in each room, late imports with reasons."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from scripts import shape

MOST_OF_THE_PRODUCT = 15
"""Per cent of the lines that one room may have."""
ROOMS = sorted(path.parent.name for path in shape.PACKAGE.glob("*/__init__.py"))
FLAT = {"core", "drawing", "statistics", "wording"}
"""Kits without layers inside."""
STILL_WHOLE: frozenset[str] = frozenset()


def test_every_file_is_a_promised_name_or_pure_reasoning() -> None:
    named = shape.departures()
    assert {
        file: found for file, found in shape.astray().items() if not shape.departure_of(file, named)
    } == {}


def test_every_departure_is_still_one() -> None:
    astray = shape.astray()
    named = shape.departures()
    assert len(named) > 10
    assert [place for place in named if not any(shape.departure_of(file, [place]) for file in astray)] == []


def test_nothing_imports_in_circles() -> None:
    assert shape.circles() == []


def test_no_room_is_a_house_of_its_own() -> None:
    large = {room for room, _, percent in shape.shares() if percent > MOST_OF_THE_PRODUCT}
    assert large <= STILL_WHOLE


def test_every_room_has_its_layers_checked() -> None:
    project = tomllib.loads((shape.ROOT / "pyproject.toml").read_text())
    rooms, inside = project["tool"]["importlinter"]["contracts"]
    assert rooms["exhaustive"]
    assert {name.rpartition(".")[2] for name in inside["containers"]} == set(ROOMS) - FLAT


@pytest.mark.parametrize("path", shape.sources(), ids=lambda path: str(path.relative_to(shape.PACKAGE)))
def test_an_import_within_a_function_says_what_it_spares(path: Path) -> None:
    """The commands of `cli` import what they need once Django is set up; the rest is late for a reason."""
    if shape.room_of(path) in {"cli", *STILL_WHOLE}:
        return
    lines = path.read_text().splitlines()
    late = {
        inner.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }
    said = [lines[number - 1] for number in sorted(late)]
    assert [line for line in said if not re.search(r"# noqa: PLC0415 - \w", line)] == []
