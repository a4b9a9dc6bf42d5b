"""Keyset pagination: the next page starts after the last row's key, however far down one is."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from followthrough.core.deserialization import load_json
from followthrough.core.errors import DomainError

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`rows` of one page and the cursors that lead on and back ("" where there is nothing)."""

    rows: list[Row]
    after: str
    before: str


def take_page(
    rows: QuerySet[Row], *, order: tuple[str, ...], size: int, after: str = "", before: str = ""
) -> Page[Row]:
    """One page of `rows` by `order` (field names, "-" for falling; the last one must be unique).

    Columns of `order` must not be null. A cursor that was tampered with raises DomainError.
    """
    back = bool(before) and not after
    direction = tuple(_flip(name) for name in order) if back else order
    cursor = after or before
    scoped = rows.filter(_beyond(direction, _read(cursor, rows, order))) if cursor else rows
    found = list(scoped.order_by(*direction)[: size + 1])
    more, found = len(found) > size, found[:size]
    if back:
        found.reverse()
    has_next, has_previous = (bool(cursor), more) if back else (more, bool(cursor))
    return Page(
        found,
        after=_write(found[-1], order) if found and has_next else "",
        before=_write(found[0], order) if found and has_previous else "",
    )


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: tuple[str, ...], values: list[Any]) -> Q:
    condition, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field, lookup = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        if not equal:
            bound = Q(**{f"{field}__{lookup}e": value})  # implied, but lets an index start here
        condition |= equal & Q(**{f"{field}__{lookup}": value})
        equal &= Q(**{field: value})
    return bound & condition


def _write(row: Model, order: tuple[str, ...]) -> str:
    values = [_column(row, name.lstrip("-")) for name in order]
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode()


def _column(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _read(cursor: str, rows: QuerySet[Row], order: tuple[str, ...]) -> list[Any]:
    try:
        values = load_json(base64.urlsafe_b64decode(cursor.encode()))
        return [_typed(rows, name.lstrip("-"), value) for name, value in zip(order, values, strict=True)]
    except (ValueError, TypeError, ArithmeticError, RecursionError, ValidationError) as error:
        message = "That page address is not complete. Open the list again from the menu."
        raise DomainError(message) from error


def _typed(rows: QuerySet[Row], name: str, value: Any) -> Any:
    """`value` as the column `name` holds it; ValueError and the like where it cannot."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(f"{name} is never {value!r}")
    field = rows.query.chain().resolve_ref(name).output_field
    typed = field.to_python(value)
    field.run_validators(typed)
    return _in_utc(typed) if isinstance(typed, datetime) else typed


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} is in no zone")
    return moment.astimezone(UTC)
