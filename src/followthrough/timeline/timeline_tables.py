"""Tables of a timeline: which columns hold the time, the words, and who."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from followthrough.core.timestamps import read_stamp
from followthrough.timeline.markdown_words import Words

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_LONGEST_HEADING = 60
_ASIDE = re.compile(
    r"[(\[][^()\[\]]{0,40}[)\]]|\b(?:utc|gmt|c?est|cet|[ecmp][sd]?t|bst|local|in|all)\b|[*_`:]"
)
_COLUMNS = {
    "time": {"", "time", "timestamp", "at", "when", "happened_at", "happened at", "datetime", "date/time", "date time",
             "date & time", "date and time", "time stamp", "clock", "hour", "start", "start time", "zeit", "uhrzeit", "zeitpunkt"},
    "date": {"date", "day", "datum", "tag"},
    "text": {"text", "message", "what", "event", "events", "entry", "description", "note", "what happened", "details", "action",
             "activity", "ereignis", "was", "beschreibung", "update", "status", "summary", "log", "observation", "comment", "happening"},
    "author": {"author", "name", "user", "who", "by", "person", "owner", "actor", "responder", "wer", "reporter", "reported by", "people"},
    "kind": {"kind", "type", "category"},
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One row; `time` holds its date, too, where that has a column of its own."""

    time: str
    text: str
    author: str
    kind: str
    line: int


@dataclass(frozen=True)
class Table:
    """The rows of a timeline's table, and what the heading of its times says, which may be their zone."""

    rows: tuple[Row, ...]
    zone_said: str


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Where each known column is; the first that fits."""
    columns: dict[str, int] = {}
    for at, heading in enumerate(header):
        plain = " ".join(_ASIDE.sub(" ", heading[:_LONGEST_HEADING].lower()).split())
        for name, spellings in _COLUMNS.items():
            if plain in spellings and (plain or heading.strip()):
                columns.setdefault(name, at)
    return columns


def table_of(node: SyntaxTreeNode) -> Table | None:
    """The rows of a Markdown table; None if no column holds times."""
    header, *rows = [_cells(row) for part in node.children for row in part.children]
    columns = columns_of([Words(cell).plain for cell in header])
    if not columns.keys() & {"time", "date"}:
        at = _column_of_times(rows)
        if at is None:
            return None
        columns = {"time": at, **{name: column for name, column in columns.items() if column != at}}
    lines = [(row.map[0] if row.map else 0) + 1 for part in node.children for row in part.children][1:]
    read = tuple(_row(cells, columns, line) for cells, line in zip(rows, lines, strict=True))
    return Table(read, Words(header[columns.get("time", columns.get("date", 0))]).plain)


def _cells(row: SyntaxTreeNode) -> list[str]:
    return ["".join(inline.content for inline in cell.children) for cell in row.children]


def _column_of_times(rows: Sequence[Sequence[str]]) -> int | None:
    """The first column in which most cells are times."""
    for at in range(max(map(len, rows), default=0)):
        stamps = [read_stamp(Words(row[at]).plain) for row in rows if at < len(row)]
        if sum(bool(stamp and stamp.clock) for stamp in stamps) * 2 > len(rows):
            return at
    return None


def _row(cells: Sequence[str], columns: dict[str, int], line: int) -> Row:
    def said(name: str) -> str:
        at = columns.get(name)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    named = set(columns.values())
    others = [cell.strip() for at, cell in enumerate(cells) if at not in named and cell.strip()]
    text = " — ".join(part for part in (said("text"), *others) if part)
    return Row(
        f"{said('date')} {said('time')}".strip(), text, Words(said("author")).plain, said("kind"), line
    )
