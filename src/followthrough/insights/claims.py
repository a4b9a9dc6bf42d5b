"""What may be claimed of a figure beside the period before, and by which test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from followthrough.core.times import in_words
from followthrough.statistics import period_comparison, survival
from followthrough.statistics.distribution import MIN_VALUES, Spread
from followthrough.statistics.period_comparison import CHANGE_LEVEL
from followthrough.statistics.survival import Step


class Claim(NamedTuple):
    """`change` in plain words, "" where none can be claimed; `evidence` is how we know."""

    change: str
    evidence: str


def share_claim(now: tuple[int, int], before: tuple[int, int]) -> Claim:
    """Of (part, whole) in both periods."""
    if min(now[1], before[1]) < MIN_VALUES:
        return Claim("", f"Too few to compare with the period before: {now[1]} and {before[1]}.")
    p = period_comparison.shares_differ(before, now)
    parts = [round(100 * part / whole) for part, whole in (now, before)]
    if p < CHANGE_LEVEL:
        word = "More" if parts[0] > parts[1] else "Less"
        change = f"{word} than in the period before: {parts[0]} % instead of {parts[1]} %."
        return Claim(change, f"So large a difference by chance alone: p = {p:.2g}.")
    needed = period_comparison.sample_size_for_share(now[0] / now[1])
    return Claim(
        "",
        f"No change can be claimed (p = {p:.2f}). To see one of 20 points takes about {needed} in each period; "
        f"there were {now[1]} and {before[1]}.",
    )


def length_claim(
    now: Sequence[float], before: Sequence[float], middle: Spread | None, earlier: Spread | None, unit: str
) -> Claim:
    """Of positive values in both periods, with their spreads where there are enough."""
    if middle is None:
        return Claim("", f"{len(now)} known: too few to say more. It takes {MIN_VALUES}.")
    if earlier is None:
        return Claim("", f"Too few in the period before to compare: {len(before)}.")
    p = period_comparison.differs(before, now)
    if p < CHANGE_LEVEL:
        less, more = ("Shorter", "Longer") if unit == "minutes" else ("Less", "More")
        word = less if middle.geometric.value < earlier.geometric.value else more
        medians = f"{in_unit(middle.median.value, unit)} instead of {in_unit(earlier.median.value, unit)}"
        return Claim(
            f"{word} than in the period before: in the middle {medians}.", f"Mann–Whitney p = {p:.2g}."
        )
    return Claim(
        "",
        f"No change can be claimed (Mann–Whitney p = {p:.2f}). To see a change by half takes about "
        f"{period_comparison.sample_size(now)} in each period; there were {len(now)} and {len(before)}.",
    )


def curve_claim(what: str, number: int, steps: Sequence[Step], longest: float) -> Claim:
    """Of `number` that were watched, the longest for so many days."""
    if number < MIN_VALUES:
        return Claim("", f"{number} {what}: too few to say more. It takes {MIN_VALUES}.")
    day = min(365.0, longest)
    at = survival.share_at(steps, day)
    if not steps or at.share == 1:
        return Claim("", f"None of {number} {what} came back within {day:.0f} days.")
    low, high = 100 * (1 - at.high), 100 * (1 - at.low)
    ended = "no longer hold" if what == "fixes" else "come back"
    return Claim(
        f"Within {_days(day)} about {100 * (1 - at.share):.0f} % {ended}.",
        f"Counted with those that were watched for less time: {low:.0f} %–{high:.0f} % with 95 % certainty.",
    )


def _days(day: float) -> str:
    return "a year" if day >= 350 else f"{day:.0f} days"


def in_unit(value: float, unit: str) -> str:
    """Minutes as a span of time, money as a number."""
    if unit == "money":
        return f"{value:,.0f}"
    return in_words(timedelta(minutes=round(value))) if value >= 1 else "under a minute"
