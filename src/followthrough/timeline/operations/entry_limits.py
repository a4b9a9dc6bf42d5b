"""What an entry may hold."""

from __future__ import annotations

from datetime import datetime

from followthrough.core import times
from followthrough.core.errors import DomainError
from followthrough.timeline.models import Entry

NEEDS_WORDS = "Say what was seen or done; an entry needs words."
_KINDS = frozenset(Entry.Kind.values)


def sensible(moment: datetime) -> datetime:
    """In UTC, with a zone and in a year that people live in."""
    return times.require_plausible(moment, field="when")


def known_zone(zone: str) -> str:
    if not times.is_zone(zone):
        raise DomainError("There is no such time zone. Choose one from the list.", field="zone")
    return zone


def known_kind(kind: str) -> str:
    if kind not in _KINDS:
        raise DomainError("There is no such kind of entry. Choose one from the list.", field="kind")
    return kind
