"""False-alarm rates of alarms and claimed changes, by permutation of real records."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followthrough.statistics import period_comparison, rate_alarms

_COMPARED = rate_alarms.BEFORE_MONTHS + rate_alarms.RECENT_MONTHS
SHUFFLE_ROUNDS = 400
COMPARISONS = 2000
SIZES = (10, 20, 40, 80)


@dataclass(frozen=True)
class Alarms:
    """Of `tried` shuffled series `alarms` had p below the level; `judged` had enough recent events for that.

    `any_round` is the share of rounds in which one alarm or more was left after adjusting for all series.
    """

    series: int
    tried: int
    judged: int
    alarms: int
    any_round: float


@dataclass(frozen=True)
class Claims:
    """Of `tried` comparisons of `size` with `size` durations, how many claimed a change: where there was none, and
    where the second half took half as long again."""

    size: int
    tried: int
    false: int
    seen: int


def months_of(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], list[int]]:
    """{(organisation, component): incidents per month}, of organisations with 15 months or more.

    Rows are `{org, started_at, components}`; one with several components counts for each.
    """
    struck: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for row in rows:
        began = datetime.fromisoformat(row["started_at"])
        for component in row.get("components") or ["(none named)"]:
            struck[row.get("org", ""), component][began.year * 12 + began.month] += 1
    spans: dict[str, list[int]] = defaultdict(list)
    for (org, _), counts in struck.items():
        spans[org] += counts
    return {
        (org, name): [counts[month] for month in range(min(spans[org]), max(spans[org]) + 1)]
        for (org, name), counts in struck.items()
        if max(spans[org]) - min(spans[org]) + 1 >= _COMPARED
    }


def false_alarms(series: Sequence[Sequence[int]], *, rounds: int = SHUFFLE_ROUNDS, seed: int = 1) -> Alarms:
    """Alarms on months in random order, in which nothing can have got worse but by chance."""
    chosen = random.Random(seed)  # noqa: S311 - a repeatable measurement, not a secret
    judged = alarms = any_round = 0
    for _ in range(rounds):
        rates = [rate_alarms.rate_of(chosen.sample(row, len(row))[-_COMPARED:]) for row in series]
        judged += sum(rate.recent >= rate_alarms.MIN_INCIDENTS for rate in rates)
        alarms += sum(rate.p < rate_alarms.ALARM_LEVEL for rate in rates)
        any_round += any(rate_alarms.alarms([rate.p for rate in rates]))
    return Alarms(len(series), rounds * len(series), judged, alarms, any_round / rounds)


def false_claims(minutes: Sequence[float], *, rounds: int = COMPARISONS, seed: int = 1) -> list[Claims]:
    """Claims of a change between two random halves of the same durations, for several sizes."""
    chosen = random.Random(seed)  # noqa: S311 - a repeatable measurement, not a secret
    return [_claims(minutes, size, rounds, chosen) for size in SIZES if len(minutes) >= 2 * size]


def _claims(minutes: Sequence[float], size: int, rounds: int, chosen: random.Random) -> Claims:
    false = seen = 0
    for _ in range(rounds):
        drawn = chosen.sample(minutes, 2 * size)
        before, after = drawn[:size], drawn[size:]
        false += period_comparison.differs(before, after) < period_comparison.CHANGE_LEVEL
        seen += (
            period_comparison.differs(before, [value * period_comparison.MIN_RATIO for value in after])
            < period_comparison.CHANGE_LEVEL
        )
    return Claims(size, rounds, false, seen)
