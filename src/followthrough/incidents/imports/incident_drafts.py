"""A row of a file as the incident it would become."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from followthrough.core.addresses import is_web_address
from followthrough.incidents.imports.cell_values import (
    Unreadable,
    moment,
    rank,
    sensible,
    span,
    unreadable_row,
    words,
)
from followthrough.incidents.imports.column_mapping import Meaning
from followthrough.incidents.imports.file_rows import Row
from followthrough.incidents.models import LONGEST_TEXT, Incident, Milestone
from followthrough.incidents.operations.catalogue import MOST_NAMED
from followthrough.incidents.queries.external_ids import as_stored

Name = Milestone.Name
MOMENTS = (Name.STARTED, Name.DETECTED, Name.ACKNOWLEDGED, Name.MITIGATED, Name.RESOLVED)
STILL_OPEN = {
    "open",
    "investigating",
    "identified",
    "monitoring",
    "ongoing",
    "active",
    "triggered",
    "in progress",
}
MAX_TITLE_CHARACTERS, MAX_NAME_CHARACTERS, MAX_TAG_CHARACTERS, LONGEST_URL = 200, 80, 60, 500
MAX_SPAN = timedelta(days=3650)


@dataclass
class Draft:
    """What would be created. `rank` is the severity's, None for the usual one; names are not yet looked up."""

    row: Row
    title: str
    external_id: str
    what_happened: str = ""
    rank: int | None = None
    kind: str = Incident.Kind.OUTAGE
    moments: dict[str, datetime] = field(default_factory=dict)
    is_over: bool = True
    services: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    source_title: str = ""
    source_url: str = ""
    left_out: list[str] = field(default_factory=list)


def draft(row: Row, meaning: Meaning, ranks: dict[str, int]) -> Draft:
    """The row as a Draft; Unreadable names the column and what is wrong with it."""
    if row.problem:
        raise Unreadable(row.problem)
    with unreadable_row():
        return _draft(row, meaning, ranks)


def _draft(row: Row, meaning: Meaning, ranks: dict[str, int]) -> Draft:
    text = "\n\n".join(str(value).strip() for value in meaning.values(row, "what_happened")[:1])
    title = _title(row, meaning, text)
    left_out: list[str] = []
    text = _shortened(text, left_out)
    moments = _moments(row, meaning, left_out)
    left_out += _oddities(moments)
    names = {name: _names(meaning.values(row, name), name) for name in ("services", "teams", "tags")}
    return Draft(
        row=row,
        title=title,
        external_id=_key(row, meaning, title, moments),
        what_happened=text,
        rank=_read(row, meaning, "severity", lambda value: rank(value, ranks)),
        kind=_kind(meaning.values(row, "kind")),
        moments=moments,
        is_over=Name.RESOLVED in moments or not _says_open(meaning.values(row, "status")),
        services=[name[:MAX_NAME_CHARACTERS] for name in names["services"]],
        teams=names["teams"],
        tags=[name[:MAX_TAG_CHARACTERS].lower() for name in names["tags"]],
        source_title=_first_text(meaning.values(row, "source_title"))[:200],
        source_url=_url(meaning.values(row, "source_url")),
        left_out=left_out,
    )


def _read(row: Row, meaning: Meaning, name: str, parse: Callable[[Any], Any]) -> Any:
    """The first of the field's columns that says something."""
    for column in meaning.columns(name):
        value = row.values.get(column)
        if value in (None, "", []):
            continue
        try:
            found = parse(value)
        except Unreadable as error:
            raise Unreadable(f"{column}: {error}") from error
        if found is not None:
            return found
    return None


def _moments(row: Row, meaning: Meaning, left_out: list[str]) -> dict[str, datetime]:
    """The milestones; one between beginning and end that cannot be read is left out, and `left_out` says so."""

    def read(value: Any) -> datetime | None:
        return moment(value, zone=meaning.zone, days_first=meaning.days_first)

    found: dict[str, datetime] = {}
    for name in MOMENTS:
        try:
            if at := _read(row, meaning, name.value, read):
                found[name.value] = at
        except Unreadable as error:
            if name in {Name.STARTED, Name.RESOLVED}:
                raise
            left_out.append(str(error))
    lasted = _read(row, meaning, "minutes", span)
    if lasted is not None and not timedelta() <= lasted <= MAX_SPAN:
        raise Unreadable("It would have lasted less than nothing, or more than ten years.")
    if lasted is not None and Name.STARTED in found and Name.RESOLVED not in found:
        found[Name.RESOLVED.value] = sensible(found[Name.STARTED] + lasted)
    return found


def _oddities(moments: dict[str, datetime]) -> Iterator[str]:
    """What looks wrong in the moments but may come in."""
    began, ended = moments.get(Name.STARTED), moments.get(Name.RESOLVED)
    if began and ended and ended < began:
        yield "its end is before its start."
    if began and began > timezone.now():
        yield "its start is in the future."


def _names(values: list[Any], field: str) -> list[str]:
    found = words(values)
    if len(found) > MOST_NAMED:
        raise Unreadable(f"It names {len(found):,} {field}; an incident has {MOST_NAMED} at most.")
    return found


def _shortened(text: str, left_out: list[str]) -> str:
    """As much of its text as an incident holds; `left_out` says so where that is not all."""
    if len(text) <= LONGEST_TEXT:
        return text
    left_out.append(f"its text has {len(text):,} characters; the first {LONGEST_TEXT:,} are taken over.")
    return f"{text[: LONGEST_TEXT - 1]}…"


def _title(row: Row, meaning: Meaning, text: str) -> str:
    """Its title, or the first sentence of its text, or its key: something a person can recognise."""
    title = _first_text(meaning.values(row, "title"))
    if not title:
        first_line = next((line.strip(" #*>-|") for line in text.splitlines() if line.strip(" #*>-|")), "")
        title = re.split(r"(?<=[.!?])\s", first_line[: 2 * MAX_TITLE_CHARACTERS], maxsplit=1)[0]
    title = title or _first_text(meaning.values(row, "external_id"))
    if not title:
        raise Unreadable("It has neither a title nor a text.")
    return title if len(title) <= MAX_TITLE_CHARACTERS else f"{title[: MAX_TITLE_CHARACTERS - 1].rstrip()}…"


def _key(row: Row, meaning: Meaning, title: str, moments: dict[str, datetime]) -> str:
    """What tells a repeated import that this is the same incident. A bare number counts within its file's name."""
    own = _first_text(meaning.values(row, "external_id"))
    if own.isdigit():
        own = f"{Path(row.file).stem}:{own}"
    if not own:
        began = moments.get(Name.STARTED)
        own = hashlib.sha256(f"{title}\n{began}".encode()).hexdigest()[:32]
    return as_stored(f"import:{own}")


def _kind(values: list[Any]) -> str:
    wanted = _first_text(values).lower().replace(" ", "_")
    return wanted if wanted in Incident.Kind.values else Incident.Kind.OUTAGE


def _says_open(values: list[Any]) -> bool:
    return _first_text(values).lower() in STILL_OPEN


def _first_text(values: list[Any]) -> str:
    return " ".join(str(values[0]).split()) if values else ""


def _url(values: list[Any]) -> str:
    url = _first_text(values)
    return url if len(url) <= LONGEST_URL and is_web_address(url) else ""
