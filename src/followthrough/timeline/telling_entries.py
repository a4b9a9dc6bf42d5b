"""Which entries of a long timeline tell most of what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

_MOST_TELLING_FIRST = ("milestone", "alert", "change", "handoff", "action", "observation", "communication")


@dataclass(frozen=True)
class Outline:
    """An entry without its words; `milestone` is "" where it is none."""

    key: UUID
    happened_at: datetime
    kind: str
    milestone: str


def most_telling(outline: Sequence[Outline], *, most: int) -> list[Outline]:
    """At most so many of them in their order: milestones first, then by kind, then the earlier ones."""
    places = sorted(range(len(outline)), key=lambda place: (_weight(outline[place]), place))
    return [outline[place] for place in sorted(places[:most])]


def _weight(row: Outline) -> int:
    return _MOST_TELLING_FIRST.index("milestone" if row.milestone else row.kind)
