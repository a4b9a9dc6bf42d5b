"""Setting fields on a record while remembering what they were; optimistic locking by version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from followthrough.core.errors import Conflict, DomainError
from followthrough.core.fields import tidied

Changes = dict[str, list[Any]]


def to_json_value(value: Any) -> Any:
    """`value` as JSON can hold it; records become their keys."""
    if isinstance(value, models.Model):
        return str(value.pk) if isinstance(value.pk, UUID) else value.pk
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value


def set_fields(record: models.Model, values: dict[str, Any]) -> Changes:
    """Sets `values` on `record` (unsaved) and returns {field: [before, after]} for those that differ."""
    changes: Changes = {}
    for name, value in tidied(record, values).items():
        before = getattr(record, name)
        if before != value:
            setattr(record, name, value)
            changes[name] = [to_json_value(before), to_json_value(value)]
    return changes


def refuse_invalid(record: models.Model, names: Iterable[str]) -> None:
    """Checks the fields `names` as the model declares them; DomainError says what is wrong with the first.

    A related record that is at hand is not looked for again.
    """
    checked = set(names)
    fields = record._meta.concrete_fields
    sure = {field.name for field in fields if _is_unset(record, field) or _is_at_hand(record, field)}
    try:
        record.clean_fields(exclude={field.name for field in fields} - checked | sure)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        label = field.replace("_", " ").capitalize()
        raise DomainError(f"{label}: {messages[0]}", field=field) from error


def _is_unset(record: models.Model, field: Any) -> bool:
    return field.null and getattr(record, field.attname) is None


def _is_at_hand(record: models.Model, field: Any) -> bool:
    """Whether the record that `field` points to was read from the database or written to it."""
    return field.is_relation and field.is_cached(record) and not getattr(record, field.name)._state.adding


def refuse_stale_version(record: Any, base: int | None, names: Iterable[str]) -> None:
    """Conflict with how `names` stand now, if somebody changed `record` since version `base`."""
    if base is not None and base != record.version:
        raise Conflict(
            "Somebody else changed this first. Yours was kept here; compare the two and save again.",
            current={name: to_json_value(getattr(record, name)) for name in names}
            | {"version": record.version},
        )
