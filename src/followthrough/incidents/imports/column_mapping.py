"""Column mapping: guessed from names, changed by people, remembered for files with the same columns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from followthrough.core.errors import DomainError
from followthrough.incidents.imports.column_names import FIELDS, guess, name_rank
from followthrough.incidents.imports.file_rows import Row, refuse_too_wide
from followthrough.incidents.imports.moments import says_day_first
from followthrough.incidents.models import ImportMapping

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

    def named(self, row: Row) -> NamedValues:
        """What the row says of each field, read once."""
        values = row.values
        return NamedValues(
            {
                name: [
                    (column, values[column]) for column in columns if values.get(column) not in (None, "", [])
                ]
                for name, columns in self._columns.items()
            }
        )

    def columns(self, name: str) -> list[str]:
        """The columns of the field `name`, the best named first."""
        return self._columns.get(name, [])

    @property
    def as_data(self) -> dict[str, Any]:
        """The same, as JSON can hold it."""
        return {"fields": dict(self.fields), "zone": self.zone, "days_first": self.days_first}

    @cached_property
    def _columns(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for column, name in self.fields.items():
            found.setdefault(name, []).append(column)
        return {name: sorted(of, key=lambda column: name_rank(column, name)) for name, of in found.items()}


@dataclass(frozen=True)
class NamedValues:
    """What one row says: {field: [(column, value)]}, the best named column first; nothing that is empty."""

    fields: Mapping[str, list[tuple[str, Any]]]

    def of(self, name: str) -> list[tuple[str, Any]]:
        return self.fields.get(name, [])

    def all(self, name: str) -> list[Any]:
        return [value for _, value in self.of(name)]


def look(rows: Iterable[Row]) -> Columns:
    """Reads all rows once for their columns, a sample of each, and the order of day and month."""
    samples: dict[str, str] = {}
    days_first, count = False, 0
    for row in rows:
        count += 1
        for column, value in row.values.items():
            if not samples.get(column):
                samples[column] = _sample(value)
            if not days_first and isinstance(value, str) and value[:1].isdigit():
                days_first = says_day_first(value[:12])
        _check_size(samples, count)
    return Columns(samples, days_first, count)


def _check_size(samples: Mapping[str, str], rows: int) -> None:
    refuse_too_wide(len(samples))
    if rows > MOST_ROWS:
        raise DomainError(
            f"These files have more than {MOST_ROWS:,} rows. Nothing was imported; split them into several."
        )


def choose_mapping(columns: Columns, given: Mapping[str, Any] | None = None, *, zone: str = "UTC") -> Meaning:
    """The remembered mapping for these columns, or a guess with `zone`; `given` {column: field} goes before both."""
    remembered = ImportMapping.objects.filter(columns_digest=columns.digest).first()
    if remembered:
        mapping = Meaning(**remembered.mapping)
    else:
        mapping = Meaning(guess(columns.samples), zone=zone, days_first=columns.days_first)
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
    ImportMapping.objects.update_or_create(
        columns_digest=columns.digest, defaults={"mapping": mapping.as_data}
    )


def _sample(value: Any) -> str:
    text = ", ".join(map(str, value[:80])) if isinstance(value, list) else "" if value is None else str(value)
    return " ".join(text[:500].split())[:80]
