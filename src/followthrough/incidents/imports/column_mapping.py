"""Column mapping: guessed from names, changed by people, remembered for files with the same columns."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from followthrough.core.errors import DomainError
from followthrough.incidents.imports.file_rows import BODY, Row, refuse_too_wide
from followthrough.incidents.models import ImportMapping

FIELDS: dict[str, str] = {
    "title": "Title",
    "what_happened": "What happened",
    "started": "Started",
    "detected": "Detected",
    "acknowledged": "Acknowledged",
    "mitigated": "Mitigated",
    "resolved": "Resolved",
    "minutes": "Lasted (minutes)",
    "severity": "Severity",
    "status": "Status",
    "kind": "Kind",
    "services": "Services",
    "teams": "Teams",
    "tags": "Tags",
    "source_title": "Source",
    "source_url": "Link",
    "external_id": "Its own key",
}
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline", "name", "subject", "incident title", "incident", "summary"),
    "what_happened": (
        BODY, "what happened", "text", "description", "body", "details", "content", "postmortem", "updates", "summary",
    ),
    "started": (
        "started at", "start time", "started", "start", "began at", "begin", "impact start", "occurred at",
        "incident date", "date", "created at", "opened at", "created",
    ),
    "detected": ("detected at", "first detected", "detected", "time detected", "detection time"),
    "acknowledged": ("acknowledged at", "acknowledged", "ack at", "ack time"),
    "mitigated": ("mitigated at", "mitigated", "repaired", "mitigation time"),
    "resolved": (
        "resolved at", "ended at", "end time", "resolved", "ended", "end", "finished at", "closed at", "resolution time",
    ),
    "minutes": ("duration min", "duration minutes", "minutes", "duration"),
    "severity": ("severity", "sev", "priority", "impact"),
    "status": ("status", "state"),
    "kind": ("kind", "event type"),
    "services": ("services", "service", "affected services", "components", "component", "systems"),
    "teams": ("teams", "team", "owner team"),
    "tags": ("tags", "keywords", "categories", "category", "labels"),
    "source_title": ("source title", "org", "organisation", "organization", "company", "source"),
    "source_url": ("url", "link", "source url", "permalink", "html url"),
    "external_id": ("id", "uuid", "external id", "incident id", "key", "number"),
}  # fmt: skip
LISTS = {"services", "teams", "tags"}
SAMPLED_ROWS = 500
MOST_ROWS = 250_000


@dataclass(frozen=True)
class Columns:
    """What the files hold: each column with one filled-in value, and how many rows there are."""

    samples: dict[str, str] = field(default_factory=dict)
    days_first: bool = False
    rows: int = 0

    @property
    def digest(self) -> str:
        """The same for files with the same columns, in whichever order."""
        return hashlib.sha256("\n".join(sorted(self.samples)).encode()).hexdigest()


@dataclass(frozen=True)
class Meaning:
    """{column: field}, the zone of times that name none, and whether 3/4 is the third of April."""

    fields: dict[str, str]
    zone: str = "UTC"
    days_first: bool = False

    def values(self, row: Row, name: str) -> list[Any]:
        """What the row says of the field `name`, the best named column first."""
        return [
            row.values[column]
            for column in self.columns(name)
            if row.values.get(column) not in (None, "", [])
        ]

    def columns(self, name: str) -> list[str]:
        wanted = [column for column, field_name in self.fields.items() if field_name == name]
        return sorted(wanted, key=lambda column: _rank(column, name))


def look(rows: Iterable[Row]) -> Columns:
    """Reads all rows once for their columns, a sample of each, and the order of day and month."""
    samples: dict[str, str] = {}
    days_first, count = False, 0
    for row in rows:
        count += 1
        for column, value in row.values.items():
            if not samples.get(column):
                samples[column] = _sample(value)
            if count <= SAMPLED_ROWS and not days_first:
                days_first = _is_day_first(value)
        _check_size(samples, count)
    return Columns(samples, days_first, count)


def _check_size(samples: Mapping[str, str], rows: int) -> None:
    refuse_too_wide(len(samples))
    if rows > MOST_ROWS:
        raise DomainError(
            f"These files have more than {MOST_ROWS:,} rows. Nothing was imported; split them into several."
        )


def choose_mapping(columns: Columns, given: Mapping[str, Any] | None = None) -> Meaning:
    """The remembered mapping for these columns, or a guess; `given` {column: field} goes before both."""
    remembered = ImportMapping.objects.filter(columns_digest=columns.digest).first()
    if remembered:
        mapping = Meaning(**remembered.mapping)
    else:
        mapping = Meaning(guess(columns.samples), days_first=columns.days_first)
    return with_given(mapping, columns, given) if given else mapping


def with_given(mapping: Meaning, columns: Columns, given: Mapping[str, Any]) -> Meaning:
    """`mapping` with some columns mapped otherwise; "" leaves a column out."""
    for column, name in given.items():
        if column not in columns.samples:
            raise DomainError(
                f"The files have no column “{column}”. They have: {', '.join(columns.samples)}."
            )
        if name and name not in FIELDS:
            raise DomainError(f"There is no field “{name}”. Choose one of: {', '.join(FIELDS)}.")
    fields = {**mapping.fields, **given}
    return replace(mapping, fields={column: name for column, name in fields.items() if name})


def remember(columns: Columns, mapping: Meaning) -> None:
    """Keeps the mapping for the next files with the same columns."""
    kept = {"fields": mapping.fields, "zone": mapping.zone, "days_first": mapping.days_first}
    ImportMapping.objects.update_or_create(columns_digest=columns.digest, defaults={"mapping": kept})


def guess(columns: Iterable[str]) -> dict[str, str]:
    """{column: field} by the names that people usually give."""
    return {column: name for column in columns if (name := _guess_one(column))}


def _guess_one(column: str) -> str:
    whole, last = _words(column), _words(column.rpartition(".")[2])
    for wanted in (whole, last):
        for name, usual in NAMES.items():
            if wanted in usual:
                return name
    return ""


def _rank(column: str, name: str) -> int:
    words = _words(column.rpartition(".")[2])
    usual = NAMES[name]
    return usual.index(words) if words in usual else -1


def _words(column: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)
    return re.sub(r"[\s_\-]+", " ", spaced).strip().lower()


def _sample(value: Any) -> str:
    text = ", ".join(map(str, value[:80])) if isinstance(value, list) else "" if value is None else str(value)
    return " ".join(text[:500].split())[:80]


def _is_day_first(value: Any) -> bool:
    found = re.match(r"(\d{1,2})/(\d{1,2})/\d{4}\b", value) if isinstance(value, str) else None
    return bool(found and int(found[1]) > 12)
