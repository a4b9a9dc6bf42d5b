"""How long until it comes back, where for many it has not yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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


def still_holding(spans: Iterable[tuple[float, bool]]) -> list[Step]:
    """The Kaplan-Meier curve of (days, whether it came back then), a step for each day on which something did.

    Intervals are Greenwood's on the log(-log) scale.
    """
    rows = list(spans)
    ended = Counter(days for days, came_back in rows if came_back)
    left_at = Counter(days for days, _ in rows)
    steps, left, share, spread = [], len(rows), 1.0, 0.0
    for day in sorted(left_at):
        if failed := ended[day]:
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
