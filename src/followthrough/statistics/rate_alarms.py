"""Poisson rate alarms with false discovery rate: more often lately than before, beyond what chance gives.

Counts per month are taken as negative binomial: chance alone makes incidents come in bursts, and how much so is read
from the earlier months themselves. Given the total, the recent part is then beta-binomial, which needs no guess of the rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, lgamma
from statistics import fmean, variance

RECENT_MONTHS, BEFORE_MONTHS = 3, 12
"""Months that are compared: 90 days with the 365 before them."""
DAYS_RECENT, DAYS_BEFORE = 90, 365
ALARM_LEVEL = 0.01
FALSE_DISCOVERY_RATE = 0.05
"""Of all that is raised together, so many may be false."""
MIN_INCIDENTS = 3
"""With fewer recent events nothing is said."""
_EVENLY = 1e6
"""The size of a negative binomial that is as good as a Poisson."""


@dataclass(frozen=True)
class Rate:
    """`recent` events of 90 days beside `before` in the 365 days earlier; `p` is one-sided, for "more often".

    `size` is the negative binomial's, in events' own units for one month: the smaller, the more they come in bursts.
    """

    recent: int
    before: int
    size: float
    p: float

    @property
    def expected(self) -> float:
        """What 90 days would hold at the earlier rate."""
        return self.before * DAYS_RECENT / DAYS_BEFORE

    @property
    def ratio(self) -> float:
        """Recent rate by earlier rate; infinite where there was nothing before."""
        return self.recent / self.expected if self.before else inf


def rate_of(months: Sequence[int]) -> Rate:
    """Compares the last three of fifteen monthly counts, oldest first, with the twelve before."""
    if len(months) != BEFORE_MONTHS + RECENT_MONTHS:
        raise ValueError(f"{BEFORE_MONTHS + RECENT_MONTHS} months are compared, not {len(months)}")
    recent, before = sum(months[BEFORE_MONTHS:]), sum(months[:BEFORE_MONTHS])
    size = size_of(months[:BEFORE_MONTHS])
    p = (
        p_value(recent, recent + before, RECENT_MONTHS * size, BEFORE_MONTHS * size)
        if recent >= MIN_INCIDENTS
        else 1.0
    )
    return Rate(recent, before, size, p)


def size_of(months: Sequence[int]) -> float:
    """The size of the negative binomial that the months come from, by their mean and variance.

    So few months say little of their variance; like Student's t it is taken (n-1)/(n-3) times as large.
    """
    mean, doubt = fmean(months), (len(months) - 1) / (len(months) - 3)
    surplus = variance(months) * doubt - mean
    return min(_EVENLY, mean * mean / surplus) if surplus > 0 else _EVENLY


def p_value(least: int, total: int, a: float, b: float) -> float:
    """P(K ≥ least) where K of `total` is beta-binomial(a, b)."""
    whole = _log_beta(a, b)
    return min(1.0, sum(exp(_log_part(k, total, a, b) - whole) for k in range(least, total + 1)))


def alarms(ps: Sequence[float]) -> list[bool]:
    """Which of them are more than chance: each by itself, and also beside all others that were looked at."""
    return [p < ALARM_LEVEL and q <= FALSE_DISCOVERY_RATE for p, q in zip(ps, discoveries(ps), strict=True)]


def _log_part(k: int, total: int, a: float, b: float) -> float:
    ways = lgamma(total + 1) - lgamma(k + 1) - lgamma(total - k + 1)
    return ways + _log_beta(a + k, b + total - k)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def interval_of(rate: Rate, level: float = 0.95) -> tuple[float, float]:
    """Where the ratio of the two rates lies, (low, high); (0, infinite) where nothing happened."""
    from scipy.special import betaincinv  # noqa: PLC0415 - a heavy import, for pages that show an interval

    total = rate.recent + rate.before
    if not total:
        return 0.0, inf
    bursts = 1 + (total - 1) / ((RECENT_MONTHS + BEFORE_MONTHS) * rate.size + 1)
    recent, before = rate.recent / bursts, rate.before / bursts
    tail = (1 - level) / 2
    low = float(betaincinv(recent, before + 1, tail)) if recent else 0.0
    high = float(betaincinv(recent + 1, before, 1 - tail)) if before else 1.0
    return _ratio(low), _ratio(high)


def _ratio(share: float) -> float:
    """The ratio of rates that gives the recent days this share of all events."""
    return inf if share >= 1 else share / (1 - share) * DAYS_BEFORE / DAYS_RECENT


def discoveries(ps: Sequence[float]) -> list[float]:
    """Each p adjusted for how many were looked at (Benjamini and Hochberg 1995)."""
    order = sorted(range(len(ps)), key=lambda place: -ps[place])
    adjusted, least = [1.0] * len(ps), 1.0
    for rank, place in zip(range(len(ps), 0, -1), order, strict=True):
        least = min(least, ps[place] * len(ps) / rank)
        adjusted[place] = least
    return adjusted
