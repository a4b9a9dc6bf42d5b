"""What every change of a summary begins and ends with."""

from __future__ import annotations

from followthrough.activity.operations import allocate_numbers
from followthrough.core.errors import DomainError
from followthrough.core.field_changes import set_fields
from followthrough.reports.models import Summary


def hold(summary: Summary) -> None:
    """The summary as it stands, which nobody else changes until this transaction ends."""
    allocate_numbers(summary.topic, 0)
    summary.refresh_from_db()


def save(summary: Summary, **values: object) -> dict[str, list[object]]:
    """Stores `values` as a new version; {field: [before, after]} of what changed."""
    changes = set_fields(summary, values)
    if changes:
        summary.version += 1
        summary.save()
    return changes


def refuse_if_published(summary: Summary) -> None:
    """DomainError once the text is fixed."""
    if summary.state == Summary.State.PUBLISHED:
        raise DomainError(
            "The summary is published and its text is fixed. Take it back to a draft to change it."
        )
