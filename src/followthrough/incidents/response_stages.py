"""How long each stage of the response took, in words and as a drawn strip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from followthrough.core.times import calendar_days
from followthrough.incidents.event_words import EventWords
from followthrough.incidents.models import Milestone

Name = Milestone.Name
LEAST_SHARE = 0.02


@dataclass(frozen=True)
class Stage:
    """One stretch between two known milestones. `x` and `width` are per cent of the strip."""

    name: str
    label: str
    span: timedelta
    x: float
    width: float


def stages_of(moments: dict[str, datetime], words: EventWords) -> list[Stage]:
    """The stages between the known milestones of an outage, in the order they should have; none if out of order."""
    known = [(name, moments[name]) for name in Milestone.OUTAGE if name in moments]
    spans = [(later, after - before) for (_, before), (later, after) in pairwise(known)]
    total = sum((span for _, span in spans), timedelta())
    if not total or any(span < timedelta() for _, span in spans):
        return []
    shares = [max(span / total, LEAST_SHARE) for _, span in spans]
    edges = [sum(shares[:n]) / sum(shares) * 100 for n in range(len(shares) + 1)]
    return [
        Stage(name, words.stages[name], span, round(left, 2), round(right - left, 2))
        for (name, span), (left, right) in zip(spans, pairwise(edges), strict=True)
    ]


def days_late(moments: dict[str, datetime], zone: str) -> int | None:
    """Calendar days by which another event ended after its planned end; negative when early, None when not known."""
    if Name.PLANNED_END in moments and Name.ACTUAL_END in moments:
        return calendar_days(moments[Name.PLANNED_END], moments[Name.ACTUAL_END], zone)
    return None


def lateness(days: int | None) -> str:
    """In words: "43 days late", "1 day early", "on the day it was planned for"; "" where it is not known."""
    if days is None:
        return ""
    if not days:
        return "on the day it was planned for"
    unit = "day" if abs(days) == 1 else "days"
    return f"{abs(days)} {unit} {'late' if days > 0 else 'early'}"
