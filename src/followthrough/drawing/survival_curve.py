"""The survival curve of a Kaplan–Meier estimate, with its 95 % band, over days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString

from followthrough.drawing.axes import LinearAxis
from followthrough.drawing.svg import fill, fill_each

WIDE, BASE, TOP, LEFT = 440, 160, 12, 44


def survival_curve(held: Mapping[str, Any], days: int = 365) -> SafeString:
    """The share that still holds, by days since “done”, with its 95 % band."""
    steps = [
        (0.0, 1.0, 1.0, 1.0),
        *((row[0], row[1], row[2], row[3]) for row in held["curve"] if row[0] <= days),
    ]
    end = min(float(days), held.get("longest", days))
    line = _stairs([(day, share) for day, share, _, _ in steps], end, days)
    low = _stairs([(day, share) for day, _, share, _ in steps], end, days)
    high = _stairs([(day, share) for day, _, _, share in steps], end, days)
    last = steps[-1]
    words = f"After {end:.0f} days {100 * last[1]:.0f} % still held, between {100 * last[2]:.0f} % and {100 * last[3]:.0f} %"
    return fill(
        '<svg class="curve" viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
        '<path d="M{}L{}Z" fill="var(--forward-bg)"/><path d="M{}" fill="none" stroke="var(--forward)" stroke-width="2"/></svg>',
        WIDE,
        BASE + 28,
        words,
        _axes(days),
        " ".join(f"{x} {y}" for x, y in high),
        " ".join(f"{x} {y}" for x, y in reversed(low)),
        " ".join(f"{x} {y}" for x, y in line),
    )


def _stairs(steps: Sequence[tuple[float, float]], end: float, days: int) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for place, (day, share) in enumerate(steps):
        until = steps[place + 1][0] if place + 1 < len(steps) else max(end, day)
        points += [(_across(day, days), _down(share)), (_across(until, days), _down(share))]
    return points


def _across(day: float, days: int) -> float:
    return LinearAxis(0, days, LEFT, WIDE - 8).position(day)


def _down(share: float) -> float:
    return LinearAxis(0, 1, BASE, TOP).position(share)


def _axes(days: int) -> SafeString:
    shares = fill_each(
        '<path d="M{0} {1}H{2}" stroke="var(--line-soft)"/><text x="{3}" y="{4}" text-anchor="end" font-size="12" fill="var(--ink-3)">{5} %</text>',
        ((LEFT, _down(part / 100), WIDE - 8, LEFT - 6, _down(part / 100) + 4, part) for part in (0, 50, 100)),
    )
    marks = fill_each(
        '<text x="{}" y="{}" text-anchor="middle" font-size="12" fill="var(--ink-3)">{} days</text>',
        (
            (_across(day, days) - (18 if day == days else 0), BASE + 20, day)
            for day in (90, 180, 365)
            if day <= days
        ),
    )
    return fill("{}{}", shares, marks)
