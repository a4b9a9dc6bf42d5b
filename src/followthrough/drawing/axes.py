"""Axes: where a value, a logarithm or a moment stands between two edges of a drawing, rounded to a tenth of a unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log


@dataclass(frozen=True)
class LinearAxis:
    """From `low` at `start` to `high` at `end`; what lies outside stands at the nearer edge."""

    low: float
    high: float
    start: float
    end: float

    def position(self, value: float) -> float:
        share = (min(self.high, max(self.low, value)) - self.low) / (self.high - self.low)
        return round(self.start + (self.end - self.start) * share, 1)


@dataclass(frozen=True)
class LogAxis(LinearAxis):
    """The same where equal ratios are equally far from each other; `low` and `high` are above 0."""

    def position(self, value: float) -> float:
        bounded = min(self.high, max(self.low, value))
        share = log(bounded / self.low) / log(self.high / self.low)
        return round(self.start + (self.end - self.start) * share, 1)


@dataclass(frozen=True)
class TimeAxis:
    """The time of `length` up to `until`, from `start` to `end`; what lies outside stands at the nearer edge."""

    until: datetime
    length: timedelta
    start: float
    end: float

    def position(self, moment: datetime) -> float:
        share = 1 - (self.until - moment) / self.length
        return round(self.start + (self.end - self.start) * min(1.0, max(0.0, share)), 1)


def months_until(last: datetime, number: int) -> list[datetime]:
    """A moment on the first day of each of `number` months, the oldest first, that of `last` the last of them."""
    first = last.year * 12 + last.month - number
    return [last.replace(year=m // 12, month=m % 12 + 1, day=1) for m in range(first, first + number)]


def readable(marks: Mapping[float, str], *, apart: float) -> dict[float, str]:
    """Those of {position: name} that can be read beside each other: `apart` or more from the one before."""
    shown: dict[float, str] = {}
    for position, name in marks.items():
        if not shown or position - max(shown) >= apart:
            shown[position] = name
    return shown
