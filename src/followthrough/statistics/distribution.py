"""Distribution of skewed durations: median and geometric mean, each with a bootstrap interval."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt
from statistics import median
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

MIN_VALUES = 5
_RESAMPLES = 2000
_MANY = 400
"""From so many values on the bootstrap of a mean is as good as normal."""
_Z = 1.959964


@dataclass(frozen=True)
class Middle:
    """A middle with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Spread:
    """`n` positive values: their median, geometric mean and quartiles."""

    n: int
    median: Middle
    geometric: Middle
    lower: float
    upper: float


def spread_of(values: Sequence[float]) -> Spread | None:
    """None with fewer than five values, of which nothing can be said. All must be above 0."""
    if len(values) < MIN_VALUES:
        return None
    import numpy as np  # noqa: PLC0415 - a heavy import

    ordered = np.sort(np.asarray(values, dtype=float))
    lower, upper = np.percentile(ordered, [25, 75])
    return Spread(len(values), _median(ordered), _geometric(ordered), float(lower), float(upper))


def _median(ordered: Array) -> Middle:
    """The percentile bootstrap without drawing: how often a resample's median lies at or below each value is
    binomial (Efron 1979)."""
    import numpy as np  # noqa: PLC0415 - numpy, which an idle server does without
    from scipy.special import bdtrc  # noqa: PLC0415 - scipy, which an idle server does without

    n = len(ordered)

    def edge(share: float, most: int) -> float:
        at = bisect_left(range(n), share, key=lambda place: float(bdtrc(most, n, (place + 1) / n)))
        return float(ordered[at])

    return Middle(float(np.median(ordered)), edge(0.025, (n - 1) // 2), edge(0.975, n // 2))


def _geometric(ordered: Array) -> Middle:
    import numpy as np  # noqa: PLC0415 - numpy, which an idle server does without

    logs = np.log(ordered)
    if len(logs) >= _MANY:
        half = _Z * float(logs.std()) / sqrt(len(logs))
        low, high = float(logs.mean()) - half, float(logs.mean()) + half
    else:
        draws = np.random.default_rng(7).integers(len(logs), size=(_RESAMPLES, len(logs)))
        low, high = np.percentile(logs[draws].mean(axis=1), [2.5, 97.5])
    return Middle(float(np.exp(logs.mean())), float(np.exp(low)), float(np.exp(high)))


def middle_of(values: Sequence[float]) -> Middle | None:
    """The median with the interval between two of the values that holds it with 95 % whatever their distribution;
    None with fewer than six values, which have no such interval. Needs no heavy import."""
    ordered, n = sorted(values), len(values)
    if n < MIN_VALUES + 1:
        return None
    out, tail = -1, 0.0
    while (tail := tail + comb(n, out + 1) / 2**n) <= 0.025:
        out += 1
    return Middle(median(ordered), ordered[out], ordered[n - 1 - out])


def share_interval(part: int, whole: int) -> tuple[float, float]:
    """Where a share of `whole` lies, by Wilson's 95 % interval; (0, 1) of nothing."""
    if not whole:
        return 0.0, 1.0
    share, square = part / whole, _Z * _Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = _Z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return max(0.0, middle - half), min(1.0, middle + half)
