"""Modules are found by the field's words: docs/glossary.md tells no lies, and no two modules share a name."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from scripts.shape import PROMISED

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "followthrough"
FOLDERS = frozenset(["commands", "forms", "models", "operations", "queries", "views"])
"""In these, files are named by their subject; one subject of a room has the same name in each."""


def glossary() -> list[tuple[str, list[str], list[str]]]:
    """(our word, the field's words, where) of each row."""
    rows = re.findall(
        r"^\| (?!our word)([^|]+) \| ([^|]+) \| ([^|]+) \|$",
        (ROOT / "docs/glossary.md").read_text(),
        re.MULTILINE,
    )
    return [(ours, field.split(", "), re.findall(r"`([^`]+)`", where)) for ours, field, where in rows]


def modules() -> list[Path]:
    found = (path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
    unnamed = {"__init__.py", "__main__.py"}
    return [
        path
        for path in found
        if path.name not in unnamed and not {"migrations", "templatetags"} & set(path.parts)
    ]


def test_every_field_word_of_the_glossary_occurs_in_the_package() -> None:
    text = "\n".join(path.read_text().lower() for path in PACKAGE.rglob("*.py"))
    words = {word for _, field, _ in glossary() for word in field}
    assert len(words) > 50
    assert not {word for word in words if not _says(text, word)}


def test_every_place_of_the_glossary_is_there_and_says_its_word() -> None:
    for ours, field, where in glossary():
        text = "".join((PACKAGE / place).read_text().lower() for place in where)
        assert any(_says(text, word) for word in field), ours


def test_no_two_modules_share_a_name_that_is_not_promised() -> None:
    subjects: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for path in modules():
        if path.stem not in PROMISED:
            subjects[path.stem].add(_subject(path))
    assert not {name: places for name, places in subjects.items() if len(places) > 1}


def _says(text: str, word: str) -> bool:
    """Whether `text`, in lower case, has the word, also as part of a name: render_pool, RenderPool."""
    return any(word.lower().replace(" ", between) in text for between in (" ", "_", ""))


def _subject(path: Path) -> tuple[str, ...]:
    """The room, which a file of a promised folder shares with its namesakes in the room's other folders.

    The folders of trackers have the same files each.
    """
    if (PACKAGE / path).with_name("tracker.py").exists():
        return path.parts[:1]
    return path.parts[:1] if FOLDERS & set(path.parts) or len(path.parts) == 2 else path.parts[:-1]
