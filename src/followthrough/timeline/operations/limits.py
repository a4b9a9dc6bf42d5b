"""What an entry may hold."""

from __future__ import annotations

from datetime import UTC, datetime

from followthrough.core.errors import DomainError
from followthrough.core.times import is_zone
from followthrough.timeline.models import Entry

NEEDS_WORDS = "Say what was seen or done; an entry needs words."


def sensible(moment: datetime) -> datetime:
    """In UTC, with a zone and in a year that people live in."""
    if moment.tzinfo is None or not 1970 <= moment.year <= 2200:
        raise DomainError(
            "This time cannot be right. Give a day and a time between 1970 and 2200.", field="when"
        )
    return moment.astimezone(UTC)


def known_zone(zone: str) -> str:
    if not is_zone(zone):
        raise DomainError("There is no such time zone. Choose one from the list.", field="zone")
    return zone


def known_kind(kind: str) -> str:
    if kind not in Entry.Kind.values:
        raise DomainError("There is no such kind of entry. Choose one from the list.", field="kind")
    return kind
