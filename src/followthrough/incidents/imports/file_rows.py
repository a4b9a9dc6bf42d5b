"""Reads tables, JSON and Markdown files as rows of named values, with the line each came from."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, TextIO

from followthrough.core.deserialization import load_json
from followthrough.core.errors import DomainError
from followthrough.incidents.imports.cell_values import Unreadable
from followthrough.incidents.imports.column_names import BODY, guess
from followthrough.incidents.imports.front_matter import read_front_matter
from followthrough.incidents.imports.json_records import flatten, records
from followthrough.incidents.imports.report_facts import told_facts
from followthrough.incidents.imports.text_files import open_text

SUFFIXES = {".md", ".markdown", ".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json"}
LONGEST_CELL = 1_000_000
MOST_COLUMNS = 300
_DELIMITERS = ",;\t|"
csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True)
class Row:
    """One incident to be, as its file says it; `problem` says why it could not be read at all.

    `lines` are those of single columns where they differ; `remarks` are said of a row that comes in.
    """

    file: str
    line: int
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    remarks: tuple[str, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)


def read(paths: Iterable[Path]) -> Iterator[Row]:
    """Every row of these files, one at a time. Nested values are named "outer.inner"."""
    return chain.from_iterable(_read_file(path) for path in paths)


def _read_file(path: Path) -> Iterator[Row]:
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise DomainError(
            f"{path.name} is none of Markdown (.md), CSV (.csv) or JSON lines (.jsonl). A spreadsheet saves as CSV."
        )
    try:
        text, remark = open_text(path, newline="" if suffix in {".csv", ".tsv", ".txt"} else None)
    except FileNotFoundError as error:
        raise DomainError(f"There is no file {path}.") from error
    except Unreadable as error:
        yield Row(path.name, 1, problem=str(error))
        return
    readers = {
        ".csv": _csv,
        ".tsv": _csv,
        ".txt": _txt,
        ".json": _json,
        ".jsonl": _json_lines,
        ".ndjson": _json_lines,
    }
    with text:
        for number, row in enumerate(readers.get(suffix, _markdown)(path.name, text)):
            yield replace(row, remarks=(*row.remarks, remark)) if remark and not number else row


def _txt(name: str, lines: TextIO) -> Iterator[Row]:
    """What a spreadsheet calls Unicode text is a table with tabs; other texts are read as Markdown."""
    is_table = "\t" in lines.readline()
    lines.seek(0)
    return _csv(name, lines) if is_table else _markdown(name, lines)


def _csv(name: str, lines: TextIO) -> Iterator[Row]:
    start = lines.readline(LONGEST_CELL)
    if told := re.match(r"sep=(.)\s*$", start, re.IGNORECASE):
        delimiter = told[1]
    else:
        lines.seek(0)
        bare = re.sub(r'"[^"]*"', "", start)
        delimiter = max(_DELIMITERS, key=bare.count)
    heading: list[str] | None = None
    for line, cells in _cells(csv.reader(lines, delimiter=delimiter)):
        if isinstance(cells, str):
            yield Row(name, line, problem=cells)
        elif heading is None:
            refuse_too_wide(len(cells))
            heading = _heading_of(cells)
        else:
            yield _table_row(name, line, heading, cells)


def _table_row(name: str, line: int, heading: list[str], cells: list[str]) -> Row:
    surplus = cells[len(heading) :]
    if any(cell.strip() for cell in surplus):
        more = f"{len(surplus)} more cell{'s' if len(surplus) > 1 else ''}"
        return Row(name, line, problem=f"It has {more} than the heading. Put a text with commas into quotes.")
    pairs = zip_longest(heading, cells[: len(heading)])
    return Row(
        name, line, {column: cell for column, cell in pairs if cell or not column.startswith(_UNNAMED)}
    )


_UNNAMED = "column "


def _heading_of(cells: list[str]) -> list[str]:
    """The columns' names; one without a name, and one that stands there again, is numbered."""
    found: list[str] = []
    taken: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        said = " ".join(cell.split()) or f"{_UNNAMED}{number}"
        name = said if said not in taken else f"{said} ({number})"
        taken.add(name)
        found.append(name)
    return found


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
            if any(cells := next(reader)):
                yield reader.line_num, cells
        except StopIteration:
            return
        except csv.Error:
            yield (
                reader.line_num,
                f"A cell is longer than {LONGEST_CELL:,} characters, or a quote is not closed.",
            )


def _json_lines(name: str, lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = load_json(line)
        except ValueError as error:
            yield Row(name, number, problem=f"It is not JSON: {str(error).rstrip('.')}.")
            continue
        for one in records(found) if isinstance(found, dict) else [found]:
            yield _json_row(name, number, one)


def _json_row(name: str, number: int, found: Any) -> Row:
    if not isinstance(found, dict):
        return Row(name, number, problem="It is not a JSON object.")
    return Row(name, number, flatten(found))


def _json(name: str, file: TextIO) -> Iterator[Row]:
    """The records of one JSON document; the line is its place in the list."""
    text = file.read()
    try:
        found = load_json(text)
    except ValueError:
        yield from _json_lines(name, text.split("\n"))
        return
    for number, one in enumerate(records(found), start=1):
        yield _json_row(name, number, one)


def _markdown(name: str, file: TextIO) -> Iterator[Row]:
    try:
        head, body = read_front_matter(file.read().replace("\r\n", "\n"))
    except Unreadable as error:
        yield Row(name, getattr(error, "line", 1), problem=str(error))
        return
    title, body = _heading(body)
    values = flatten(head.values)
    if title and "title" not in guess(values).values():
        values["title"] = title
    values |= told_facts(body, known=set(guess(values).values()))
    remarks = tuple(
        f"“{key}” stands there again in line {line + 1}; the first is taken." for key, line in head.doubled
    )
    lines = {key: line + 1 for key, line in head.lines.items()}
    yield Row(name, 1, {**values, BODY: body}, remarks=remarks, lines=lines)


def _heading(body: str) -> tuple[str, str]:
    """The text's first heading, if it begins with one, and the rest. Comments before it are left out."""
    text = body.strip()
    while text.startswith("<!--") and "-->" in text:
        text = text.partition("-->")[2].lstrip()
    first, _, rest = text.partition("\n")
    if re.match(r"#{1,2} ", first):
        return first.strip("# ").strip(), rest.strip()
    under, _, after = rest.partition("\n")
    return (
        (first.strip(), after.strip()) if first and re.fullmatch(r"={3,}\s*", under) else ("", body.strip())
    )
