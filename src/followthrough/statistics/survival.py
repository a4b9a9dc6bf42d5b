"""Survival analysis (Kaplan-Meier): how long until it comes back, where for many it has not yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log, sqrt

_Z = 1.959964


@dataclass(frozen=True)
class Step:
    """From `day` on, `share` of all still hold, between `low` and `high` with 95 %; `left` were watched until then."""

    day: float
    share: float
    low: float
    high: float
    left: int


def kaplan_meier(spans: Iterable[tuple[float, bool]]) -> list[Step]:
    """The Kaplan-Meier curve of (days, whether it came back then), a step for each day on which something did.

    Intervals are Greenwood's on the log(-log) scale.
    """
    return holding(Counter(spans))


def holding(counted: Mapping[tuple[float, bool], int]) -> list[Step]:
    """The same of {(days, whether it came back then): how many}."""
    ended = {days: number for (days, came_back), number in counted.items() if came_back}
    left_at: Counter[float] = Counter()
    for (days, _), number in counted.items():
        left_at[days] += number
    steps, left, share, spread = [], left_at.total(), 1.0, 0.0
    for day in sorted(left_at):
        if failed := ended.get(day):
            share *= 1 - failed / left
            spread += failed / (left * (left - failed)) if left > failed else 0.0
            steps.append(Step(day, share, *_bounds(share, spread), left))
        left -= left_at[day]
    return steps


def _bounds(share: float, spread: float) -> tuple[float, float]:
    if not 0 < share < 1:
        return share, share
    width = _Z * sqrt(spread) / log(share)
    low, high = sorted((share ** exp(width), share ** exp(-width)))
    return low, high


def share_at(steps: Iterable[Step], day: float) -> Step:
    """The curve's last step up to `day`; all hold before the first."""
    last = Step(0, 1.0, 1.0, 1.0, 0)
    for step in steps:
        if step.day > day:
            break
        last = step
    return last
