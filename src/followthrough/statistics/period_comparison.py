"""Significance tests between two periods, and the sample size it would take to see a difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil, erfc, exp, lgamma, log, sqrt

from followthrough.statistics.distribution import MIN_VALUES

CHANGE_LEVEL = 0.04
"""Claimed below this, so that no more than one comparison in twenty claims a change that is none, as measured too."""
MIN_RATIO = 1.5
"""A change by half as much again, or by a third less."""
_SEEN = 2.053749 + 0.841621
"""Normal quantiles for a two-sided LEVEL and eight chances in ten to see it."""
MAX_SAMPLE_SIZE = 2000
"""More than so many are reckoned with numpy, which small numbers are not worth loading for."""
_EQUAL = 1e-7
"""Logarithms so near each other are the same."""
_RANKS = 3 / 3.141592653589793
"""How well ranks do beside a t test where values are log-normal."""


def differs(before: Sequence[float], after: Sequence[float]) -> float:
    """The two-sided p of Mann and Whitney, corrected for ties and continuity; 1 with fewer than five on a side."""
    if min(len(before), len(after)) < MIN_VALUES:
        return 1.0
    n, m = len(after), len(before)
    total, tied = (_ranked_many if n + m > MAX_SAMPLE_SIZE else _ranked)(after, before)
    u = total - n * (n + 1) / 2
    width = sqrt(max(0.0, n * m / 12 * (n + m + 1 - tied / ((n + m) * (n + m - 1)))))
    if not width:
        return 1.0
    return erfc(max(0.0, abs(u - n * m / 2) - 0.5) / width / sqrt(2))


def _ranked(values: Sequence[float], others: Sequence[float]) -> tuple[float, int]:
    """The sum of the ranks that `values` have among all, and the sum of t³ - t over the ties."""
    ranks, tied = _ranks([*values, *others])
    return sum(ranks[value] for value in values), tied


def _ranked_many(values: Sequence[float], others: Sequence[float]) -> tuple[float, int]:
    import numpy as np  # noqa: PLC0415 - a heavy import

    _, places, times = np.unique(np.concatenate([values, others]), return_inverse=True, return_counts=True)
    ranks = np.cumsum(times) - (times - 1) / 2
    return float(ranks[places[: len(values)]].sum()), int((times**3 - times).sum())


def _ranks(values: Sequence[float]) -> tuple[dict[float, float], int]:
    """{value: its mean rank}, and the sum of t³ - t over the ties."""
    ranks: dict[float, float] = {}
    passed = tied = 0
    for value, times in sorted(Counter(values).items()):
        ranks[value] = passed + (times + 1) / 2
        passed += times
        tied += times**3 - times
    return ranks, tied


def sample_size(values: Sequence[float]) -> int:
    """How many on each side would most likely show a change by half, as widely as these positive values lie."""
    import numpy as np  # noqa: PLC0415 - a heavy import

    width = float(np.log(values).std(ddof=1)) or 0.5
    return max(MIN_VALUES, ceil(2 * (_SEEN * width / log(MIN_RATIO)) ** 2 / _RANKS))


def shares_differ(before: tuple[int, int], after: tuple[int, int]) -> float:
    """Fisher's exact two-sided p for two (part, whole)."""
    (a, n), (b, m) = before, after
    if not n or not m:
        return 1.0
    least, most = max(0, a + b - m), min(n, a + b)
    ways = (_many_ways if most - least > MAX_SAMPLE_SIZE else _ways)(least, most, n, m, a + b)
    total, bound = _log_ways(n + m, a + b), ways[a - least] + _EQUAL
    return min(1.0, sum(exp(way - total) for way in ways if way <= bound))


def _ways(least: int, most: int, n: int, m: int, both: int) -> Sequence[float]:
    """The logarithm of how many ways give each part of `n` from `least` to `most`, where `both` are of `n` and `m`."""
    return [_log_ways(n, k) + _log_ways(m, both - k) for k in range(least, most + 1)]


def _many_ways(least: int, most: int, n: int, m: int, both: int) -> Sequence[float]:
    import numpy as np  # noqa: PLC0415 - heavy imports
    from scipy.special import gammaln  # noqa: PLC0415 - scipy, which an idle server does without

    k = np.arange(least, most + 1)
    chosen = gammaln(k + 1) + gammaln(n - k + 1) + gammaln(both - k + 1) + gammaln(m - both + k + 1)
    ways: list[float] = (lgamma(n + 1) + lgamma(m + 1) - chosen).tolist()
    return ways


def _log_ways(whole: int, part: int) -> float:
    """The logarithm of how many ways there are to choose; the numbers themselves grow too large to be quick."""
    return lgamma(whole + 1) - lgamma(part + 1) - lgamma(whole - part + 1)


def sample_size_for_share(share: float, least: float = 0.2) -> int:
    """How many on each side would most likely show that a share moved by `least`."""
    other = share - least if share > 0.5 else share + least
    variance = share * (1 - share) + other * (1 - other)
    return max(MIN_VALUES, ceil((_SEEN / least) ** 2 * variance))
