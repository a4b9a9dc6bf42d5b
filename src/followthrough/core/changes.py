"""Setting fields on a record while remembering what they were."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

Changes = dict[str, list[Any]]


def plain(value: Any) -> Any:
    """`value` as JSON can hold it; records become their keys."""
    if isinstance(value, models.Model):
        return str(value.pk) if isinstance(value.pk, UUID) else value.pk
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value


def set_fields(record: models.Model, values: dict[str, Any]) -> Changes:
    """Sets `values` on `record` (unsaved) and returns {field: [before, after]} for those that differ."""
    changes: Changes = {}
    for name, value in values.items():
        before = getattr(record, name)
        if before != value:
            setattr(record, name, value)
            changes[name] = [plain(before), plain(value)]
    return changes
