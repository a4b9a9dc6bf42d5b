"""Reads CSV, JSON lines and Markdown front matter as rows of named values, with the line each came from."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from followthrough.core.deserialization import MarkedValueError, load_json, load_yaml
from followthrough.core.errors import DomainError

SUFFIXES = {".md", ".markdown", ".csv", ".tsv", ".jsonl", ".ndjson", ".json"}
MAX_DEPTH = 3
BODY = "text of the file"
LONGEST_CELL = 1_000_000
MOST_COLUMNS = 300
csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True)
class Row:
    """One incident to be, as its file says it; `problem` says why it could not be read at all."""

    file: str
    line: int
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


def read(paths: Iterable[Path]) -> Iterator[Row]:
    """Every row of these files, one at a time. Nested values are named "outer.inner"."""
    return chain.from_iterable(_read_file(path) for path in paths)


def _read_file(path: Path) -> Iterator[Row]:
    reader = {".csv": _csv, ".tsv": _csv, ".json": _json, ".jsonl": _json_lines, ".ndjson": _json_lines}
    if path.suffix.lower() not in SUFFIXES:
        raise DomainError(f"{path.name} is none of Markdown (.md), CSV (.csv) or JSON lines (.jsonl).")
    try:
        yield from reader.get(path.suffix.lower(), _markdown)(path)
    except FileNotFoundError as error:
        raise DomainError(f"There is no file {path}.") from error
    except UnicodeDecodeError as error:
        raise DomainError(
            f"{path.name} is not text in UTF-8. Nothing was imported; save it as UTF-8 and try again."
        ) from error


def _csv(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        start = lines.readline()
        lines.seek(0)
        delimiter = max(",;\t", key=start.count)
        reader = csv.reader(lines, delimiter=delimiter)
        heading: list[str] | None = None
        for line, cells in _cells(reader):
            if isinstance(cells, str):
                yield Row(path.name, line, problem=cells)
            elif heading is None:
                refuse_too_wide(len(cells))
                heading = [name.strip() for name in cells]
            elif len(cells) > len(heading):
                extra = len(cells) - len(heading)
                yield Row(path.name, line, problem=f"It has {extra} more cells than the heading.")
            else:
                yield Row(path.name, line, dict(zip_longest(heading, cells)))


def refuse_too_wide(columns: int) -> None:
    """DomainError for more than MOST_COLUMNS, named or not: every row is as wide as its heading, however short."""
    if columns > MOST_COLUMNS:
        raise DomainError(
            f"These files have more than {MOST_COLUMNS} columns. Nothing was imported; leave out those not needed."
        )


def _cells(reader: Any) -> Iterator[tuple[int, list[str] | str]]:
    """Each line's cells, or why it has none that can be read; empty lines are left out."""
    while True:
        try:
            if cells := next(reader):
                yield reader.line_num, cells
        except StopIteration:
            return
        except csv.Error:
            yield (
                reader.line_num,
                f"A cell is longer than {LONGEST_CELL:,} characters, or a quote is not closed.",
            )


def _json_lines(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _json_row(path, number, line)


def _json_row(path: Path, number: int, line: str) -> Row:
    try:
        found = load_json(line)
    except ValueError as error:
        return Row(path.name, number, problem=f"It is not JSON: {str(error).rstrip('.')}.")
    if not isinstance(found, dict):
        return Row(path.name, number, problem="It is not a JSON object.")
    return Row(path.name, number, flatten(found))


def _json(path: Path) -> Iterator[Row]:
    """A list of objects in one JSON document; the line is its place in the list."""
    text = path.read_text(encoding="utf-8-sig")
    try:
        found = load_json(text)
    except ValueError:
        yield from _json_lines(path)
        return
    rows = found if isinstance(found, list) else [found]
    for number, row in enumerate(rows, start=1):
        if isinstance(row, dict):
            yield Row(path.name, number, flatten(row))
        else:
            yield Row(path.name, number, problem="It is not a JSON object.")


def _markdown(path: Path) -> Iterator[Row]:
    head, body = split_front_matter(path.read_text(encoding="utf-8-sig"))
    try:
        found = load_yaml(head) or {}
    except MarkedValueError as error:
        yield Row(path.name, error.line + 1, problem=f"Its front matter cannot be read. {error}")
        return
    if not isinstance(found, dict):
        yield Row(path.name, 1, problem="Its front matter is not a list of names and values.")
        return
    title, body = _heading(body)
    values = flatten(found)
    if title and not any(name.lower() == "title" for name in values):
        values["title"] = title
    yield Row(path.name, 1, {**values, BODY: body})


def split_front_matter(text: str) -> tuple[str, str]:
    """(front matter, the rest); the first is empty where there is none."""
    lines = text.lstrip("\n").split("\n")
    if lines[0].strip() != "---":
        return "", text
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.strip() in {"---", "..."}), None)
    return ("", text) if end is None else ("\n".join(lines[1:end]), "\n".join(lines[end + 1 :]))


def _heading(body: str) -> tuple[str, str]:
    """The text's first heading, if it begins with one, and the rest."""
    stripped = body.strip()
    first, _, rest = stripped.partition("\n")
    return (first[2:].strip(), rest.strip()) if first.startswith("# ") else ("", stripped)


def flatten(values: dict[str, Any], prefix: str = "", depth: int = 1) -> dict[str, Any]:
    """Nested objects as "outer.inner"; a list of objects becomes lines of text."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict) and depth < MAX_DEPTH:
            flat |= flatten(value, f"{prefix}{name}.", depth + 1)
        else:
            flat[f"{prefix}{name}"] = _listed(value) if isinstance(value, list) else value
    return flat


def _listed(values: list[Any]) -> Any:
    if not any(isinstance(value, dict) for value in values):
        return values
    told = (value.values() if isinstance(value, dict) else [value] for value in values)
    return "\n\n".join(" · ".join(str(part) for part in parts if part) for parts in told)
