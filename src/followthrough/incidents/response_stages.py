"""How long each stage of the response took, in words and as a drawn strip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from followthrough.incidents.models import Milestone

Name = Milestone.Name
STAGES = {
    Name.DETECTED: "to detect",
    Name.ACKNOWLEDGED: "to acknowledge",
    Name.MITIGATED: "to mitigate",
    Name.RESOLVED: "to resolve",
}
LEAST_SHARE = 0.02


@dataclass(frozen=True)
class Stage:
    """One stretch between two known milestones. `x` and `width` are per cent of the strip."""

    name: str
    label: str
    span: timedelta
    x: float
    width: float


def stages_of(moments: dict[str, datetime]) -> list[Stage]:
    """The stages between the known milestones of an outage, in the order they should have; none if out of order."""
    known = [(name, moments[name]) for name in Milestone.OUTAGE if name in moments]
    spans = [(later, after - before) for (_, before), (later, after) in pairwise(known)]
    total = sum((span for _, span in spans), timedelta())
    if not total or any(span < timedelta() for _, span in spans):
        return []
    shares = [max(span / total, LEAST_SHARE) for _, span in spans]
    edges = [sum(shares[:n]) / sum(shares) * 100 for n in range(len(shares) + 1)]
    return [
        Stage(name, STAGES[Name(name)], span, round(left, 2), round(right - left, 2))
        for (name, span), (left, right) in zip(spans, pairwise(edges), strict=True)
    ]


def delay_of(moments: dict[str, datetime]) -> timedelta | None:
    """How much later than planned another event ended; negative when it was early, None when not known."""
    if Name.PLANNED_END in moments and Name.ACTUAL_END in moments:
        return moments[Name.ACTUAL_END] - moments[Name.PLANNED_END]
    return None
