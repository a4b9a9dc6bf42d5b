"""A table with a header: time, text and perhaps date, author and kind."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from followthrough.core.timestamps import read_stamp
from followthrough.timeline.log_clock import LogClock
from followthrough.timeline.log_messages import Collection, Reading
from followthrough.timeline.timeline_statements import stated_zone
from followthrough.timeline.timeline_tables import columns_of

_MAX_HEADER_CHARACTERS = 1_000


def read_table(text: str, clock: LogClock) -> Reading | None:
    """The rows of a table; None if the first line does not name a time and a text."""
    lines = list(io.StringIO(text.lstrip(), newline=""))
    if not lines or len(lines[0]) > _MAX_HEADER_CHARACTERS:
        return None
    blank_lines_before = text[: len(text) - len(text.lstrip())].count("\n")
    delimiter = max(",;\t", key=lines[0].count)
    header = next(csv.reader(lines[:1], delimiter=delimiter))
    columns = columns_of(header)
    if "text" not in columns or not columns.keys() & {"time", "date"}:
        return None
    clock.speak_in(stated_zone(f"time {header[columns.get('time', columns.get('date', 0))]}"))
    found = Collection()
    rows = csv.reader(lines[1:], delimiter=delimiter)
    line = blank_lines_before + 2
    try:
        for row in rows:
            if row:
                _take({name: _cell(row, at) for name, at in columns.items()}, line, clock, found)
            line = blank_lines_before + rows.line_num + 2
    except csv.Error:
        found.skip(line, "", "not a table from here on")
    return found.reading("CSV")


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _take(row: dict[str, str], line: int, clock: LogClock, found: Collection) -> None:
    written = f"{row.get('date', '')} {row.get('time', '')}".strip()
    stamp = read_stamp(written)
    moment = clock.read(stamp) if stamp and not stamp.rest and stamp.clock else None
    if moment is None or stamp is None:
        found.skip(line, f"{written} {row['text']}", "no time that can be read")
    else:
        found.add(
            moment,
            author=row.get("author", ""),
            text=stamp.noted(row["text"]),
            line=line,
            kind=row.get("kind", ""),
        )
