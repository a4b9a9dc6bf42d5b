"""A row of a file as the incident it would become."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from followthrough.core.addresses import is_web_address
from followthrough.core.text import line, repaired
from followthrough.incidents.imports.cell_values import Unreadable, kind_of, rank, unreadable_row, words
from followthrough.incidents.imports.column_mapping import Meaning, NamedValues
from followthrough.incidents.imports.file_rows import Row
from followthrough.incidents.imports.lengths import span, unit_of
from followthrough.incidents.imports.moments import is_clock, moments, sensible, zone_in
from followthrough.incidents.imports.report_readers import Parts, Told, parts_of
from followthrough.incidents.models import LONGEST_TEXT, Incident, Milestone
from followthrough.incidents.operations.catalogue import MOST_NAMED
from followthrough.incidents.queries.external_ids import as_stored

Name = Milestone.Name
BETWEEN = (Name.DETECTED, Name.ACKNOWLEDGED, Name.MITIGATED)
STILL_OPEN = {
    "acknowledged", "active", "alerting", "assigned", "firing", "identified", "in progress", "investigating",
    "monitoring", "new", "on hold", "ongoing", "open", "opened", "pending", "reopened", "to do", "triggered",
    "unresolved", "work in progress",
}  # fmt: skip
YES, NO = {"true", "yes", "y"}, {"false", "no", "n"}
MAX_TITLE_CHARACTERS, MAX_NAME_CHARACTERS, MAX_TAG_CHARACTERS, LONGEST_URL = 200, 80, 60, 500
_HEADED = re.compile(r"^(?:#{1,6} |(?:[-*+] )?\*\*)\S", re.MULTILINE)
LONGEST_REPORT = 500_000
MAX_SPAN = timedelta(days=3650)


@dataclass
class Draft:
    """What would be created. `rank` is the severity's, None for the usual one; names are not yet looked up.

    `former_id` is the key under which earlier versions stored the row; `left_out` are remarks on it.
    """

    row: Row
    title: str
    external_id: str
    former_id: str = ""
    what_happened: str = ""
    rank: int | None = None
    kind: str = Incident.Kind.OUTAGE
    moments: dict[str, datetime] = field(default_factory=dict)
    is_over: bool = True
    services: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    source_title: str = ""
    source_url: str = ""
    parts: Parts | None = None
    left_out: list[str] = field(default_factory=list)


def draft(row: Row, meaning: Meaning, ranks: dict[str, int], *, as_report: bool = False) -> Draft:
    """The row as a Draft; Unreadable names the column and what is wrong with it.

    `as_report`: what becomes records of their own (its timeline, causes and actions) is not in its text.
    """
    if row.problem:
        raise Unreadable(row.problem)
    with unreadable_row():
        return _draft(row, meaning.named(row), meaning, ranks, as_report=as_report)


def _draft(
    row: Row, values: NamedValues, meaning: Meaning, ranks: dict[str, int], *, as_report: bool
) -> Draft:
    remarks = list(row.remarks)
    text = _text(values)
    title = _title(values, text)
    found = _moments(values, meaning, remarks)
    names = {name: _names(values.all(name), name) for name in ("services", "teams", "tags", "leads")}
    began = found.get(Name.STARTED)
    own, former = _keys(row, values, title, (began, _in_utc(values, meaning, began)))
    parts = _parts(row, values, meaning, (title, text), found) if as_report else None
    if parts:
        text = parts.rest
        remarks += [*parts.remarks, *_began_with(parts, found)]
    return Draft(
        row=row,
        parts=parts,
        title=title,
        external_id=own,
        former_id=former,
        what_happened=_shortened(text, remarks),
        rank=_or_remark(values, "severity", lambda value: rank(value, ranks), remarks),
        kind=_or_remark(values, "kind", kind_of, remarks) or Incident.Kind.OUTAGE,
        moments=found,
        is_over=Name.RESOLVED in found or _is_over(values),
        services=[name[:MAX_NAME_CHARACTERS].strip() for name in names["services"]],
        teams=names["teams"],
        tags=[name[:MAX_TAG_CHARACTERS].strip().lower() for name in names["tags"]],
        leads=names["leads"],
        source_title=_first_line(values, "source_title")[:200],
        source_url=_url(values),
        left_out=remarks,
    )


def _parts(
    row: Row, values: NamedValues, meaning: Meaning, told: tuple[str, str], moments: dict[str, datetime]
) -> Parts | None:
    """What of the row becomes records of their own. The title goes with the text, as it may tell the day."""
    title, text = told
    causes, actions = (
        tuple("\n".join(map(str, said)) if isinstance(said, list) else str(said) for said in values.all(name))
        for name in ("causes", "actions")
    )
    if len(text) > LONGEST_REPORT or not (causes or actions or _HEADED.search(text)):
        return None
    began = moments.get(Name.STARTED) or moments.get(Name.DETECTED)
    head = f"# {title}\n\n"
    ended, source = moments.get(Name.RESOLVED), Path(row.file).stem
    found = parts_of(Told(head + text, causes, actions, began, ended, meaning.zone, source))
    return replace(found, rest=found.rest.removeprefix(head.strip()).strip()) if found else None


def _began_with(parts: Parts, moments: dict[str, datetime]) -> list[str]:
    """The beginning that only the timeline tells."""
    if Name.STARTED in moments or parts.first_at is None:
        return []
    moments[Name.STARTED.value] = min([parts.first_at, *moments.values()])
    return ["its start is not told; the first moment that it tells stands for it."]


def _or_remark(values: NamedValues, name: str, parse: Callable[[Any], Any], remarks: list[str]) -> Any:
    """The first of the field's columns that says something; a word that is not known here loses no record."""
    for column, value in values.of(name):
        try:
            return parse(value)
        except Unreadable as error:
            remarks.append(f"{column}: {error} The usual one stands for it.")
    return None


def _moments(values: NamedValues, meaning: Meaning, remarks: list[str]) -> dict[str, datetime]:
    """The milestones; one between beginning and end that cannot be read is left out, and `remarks` says so."""
    found = _beginning(values, meaning)
    began = found.get(Name.STARTED)
    for name in BETWEEN:
        try:
            found |= _later(values, meaning, name, began)
        except Unreadable as error:
            remarks.append(str(error))
    found |= _later(values, meaning, Name.RESOLVED, began)
    _add_length(values, found, remarks)
    remarks += _oddities(found)
    return found


def _beginning(values: NamedValues, meaning: Meaning) -> dict[str, datetime]:
    """When it started, and ended where one column tells both. A time alone is of the day that another tells."""
    columns = values.of("started")
    day = next(
        (at for column, value in columns if not is_clock(value) and (at := _day(column, value, meaning))),
        None,
    )
    for column, value in columns:
        began, ended = _read(column, value, meaning, day)
        if began:
            both = {Name.STARTED.value: began, Name.RESOLVED.value: ended}
            return {name: at for name, at in both.items() if at}
    return {}


def _day(column: str, value: Any, meaning: Meaning) -> date | None:
    began, _ = _read(column, value, meaning, None)
    return began.astimezone(ZoneInfo(meaning.zone)).date() if began else None


def _later(values: NamedValues, meaning: Meaning, name: Name, began: datetime | None) -> dict[str, datetime]:
    """The moment `name`; a time alone is the next one after the beginning."""
    day = began.astimezone(ZoneInfo(meaning.zone)).date() if began else None
    for column, value in values.of(name.value):
        if str(value).strip().lower() in YES | NO:
            continue
        at, _ = _read(column, value, meaning, day)
        if at and began and at < began and is_clock(value):
            at += timedelta(days=1)
        if at:
            return {name.value: at}
    return {}


def _read(
    column: str, value: Any, meaning: Meaning, day: date | None
) -> tuple[datetime | None, datetime | None]:
    try:
        return moments(value, zone=zone_in(column) or meaning.zone, days_first=meaning.days_first, day=day)
    except Unreadable as error:
        raise Unreadable(str(error), column=column) from error


def _add_length(values: NamedValues, found: dict[str, datetime], remarks: list[str]) -> None:
    """The end, where a length of time tells it; one that is not needed loses no record."""
    try:
        lasted = _length(values)
    except Unreadable as error:
        if Name.RESOLVED not in found:
            raise
        remarks.append(str(error))
        return
    if lasted is not None and Name.STARTED in found and Name.RESOLVED not in found:
        found[Name.RESOLVED.value] = sensible(found[Name.STARTED] + lasted)


def _length(values: NamedValues) -> timedelta | None:
    for column, value in values.of("minutes"):
        try:
            lasted = span(value, unit=unit_of(column))
        except Unreadable as error:
            raise Unreadable(str(error), column=column) from error
        if lasted is not None and not timedelta() <= lasted <= MAX_SPAN:
            raise Unreadable("It would have lasted less than nothing, or more than ten years.")
        if lasted is not None:
            return lasted
    return None


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


def _text(values: NamedValues) -> str:
    """All that its columns tell of what happened, each once."""
    parts: list[str] = []
    for value in values.all("what_happened"):
        part = ("\n".join(map(str, value)) if isinstance(value, list) else str(value)).strip()
        if part and not any(part in other for other in parts):
            parts.append(part)
    return "\n\n".join(parts)


def _shortened(text: str, remarks: list[str]) -> str:
    """As much of its text as an incident holds; `remarks` says so where that is not all."""
    if len(text) <= LONGEST_TEXT:
        return text
    remarks.append(f"its text has {len(text):,} characters; the first {LONGEST_TEXT:,} are taken over.")
    return f"{text[: LONGEST_TEXT - 1]}…"


def _title(values: NamedValues, text: str) -> str:
    """Its title, or the first sentence of its text, or its key: something a person can recognise."""
    title = _first_line(values, "title")
    if not title:
        first = next((said.strip(" #*>-|") for said in text.splitlines() if said.strip(" #*>-|")), "")
        title = line(re.split(r"(?<=[.!?])\s", first[: 2 * MAX_TITLE_CHARACTERS], maxsplit=1)[0])
    title = title or _first_line(values, "external_id")
    if not title:
        raise Unreadable("It has neither a title nor a text.")
    return title if len(title) <= MAX_TITLE_CHARACTERS else f"{title[: MAX_TITLE_CHARACTERS - 1].rstrip()}…"


def _keys(
    row: Row, values: NamedValues, title: str, began: tuple[datetime | None, datetime | None]
) -> tuple[str, str]:
    """What tells a repeated import that this is the same incident, and how earlier versions told it.

    A bare number tells little, as every program counts from 1: it is the same incident with the same beginning.
    `began` is that, and what it would be in UTC: another zone makes no other incident.
    """
    own = _first_line(values, "external_id")
    if not own:
        said, former = (_digest(f"{title}\n{at}") for at in reversed(began))
        return as_stored(f"import:{said}"), as_stored(f"import:{former}")
    if not own.isdigit():
        return as_stored(f"import:{own}"), ""
    said = _digest(str(began[1] or title))
    return as_stored(f"import:{own}:{said}"), as_stored(f"import:{Path(row.file).stem}:{own}")


def _in_utc(values: NamedValues, meaning: Meaning, began: datetime | None) -> datetime | None:
    """The beginning as if the zone of times that name none were UTC."""
    if began is None or meaning.zone == "UTC":
        return began
    return _beginning(values, replace(meaning, zone="UTC")).get(Name.STARTED)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _is_over(values: NamedValues) -> bool:
    flags = {str(value).strip().lower() for value in values.all("resolved")}
    if flags & (YES | NO):
        return bool(flags & YES)
    return re.sub(r"[_\-]", " ", _first_line(values, "status").lower()) not in STILL_OPEN


def _first_line(values: NamedValues, name: str) -> str:
    """The field's first text that shows something."""
    found = (line(" ".join(repaired(str(value)).split())) for value in values.all(name))
    return next((text for text in found if text), "")


def _url(values: NamedValues) -> str:
    url = _first_line(values, "source_url")
    return url if len(url) <= LONGEST_URL and is_web_address(url) else ""
