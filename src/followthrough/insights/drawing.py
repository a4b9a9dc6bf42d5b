"""The figures as SVG on the page's own colours: shares by month, distributions on a log axis, loads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import singledispatch
from math import log10

from django.utils.safestring import SafeString

from followthrough.drawing.axes import LinearAxis, LogAxis, readable
from followthrough.drawing.survival_curve import survival_curve
from followthrough.drawing.svg import fill, fill_each
from followthrough.insights.claims import in_unit
from followthrough.insights.lateness import DaysLate
from followthrough.insights.measures import (
    BINS_PER_DECADE,
    Curve,
    Lengths,
    Load,
    Measure,
    Months,
    Share,
    Teams,
)
from followthrough.statistics import distribution
from followthrough.statistics.distribution import MIN_VALUES

WIDE, HIGH, BASE, TOP, LEFT = 440, 190, 150, 12, 44
APART = 48
"""So far from each other the names of an axis stand at least."""
MARKS = {1: "1 min", 10: "10 min", 60: "1 h", 600: "10 h", 1440: "1 day", 10080: "1 week", 100800: "10 weeks"}


@singledispatch
def draw(measure: Measure) -> SafeString:
    """Empty where there is nothing to draw."""
    raise NotImplementedError(measure.key)


@draw.register
def _(share: Share) -> SafeString:
    """A bar a month with its 95 % whisker; the number it stands on below."""
    if share.whole < MIN_VALUES:
        return SafeString()
    step = (WIDE - LEFT) / max(6, len(share.months))
    low, high = share.interval
    words = f"{share.percent} % of {share.whole}, with 95 % between {low} and {high} %; month by month in the table"
    return fill(
        '<svg class="insight" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        WIDE,
        HIGH,
        words,
        _scale(),
        fill_each("{}", ((_month(row, place, step),) for place, row in enumerate(share.months))),
    )


def _scale() -> SafeString:
    return fill_each(
        '<path d="M{0} {1}H{2}" stroke="var(--line-soft)"/><text x="{3}" y="{4}" text-anchor="end" font-size="12" fill="var(--ink-3)">{5} %</text>',
        ((LEFT, _down(part), WIDE, LEFT - 6, _down(part) + 4, part) for part in (0, 50, 100)),
    )


def _down(percent: float) -> float:
    return LinearAxis(0, 100, BASE, TOP).position(percent)


def _month(row: tuple[date, int, int], place: int, step: float) -> SafeString:
    first, part, whole = row
    x, share = LEFT + place * step, 100 * part / whole
    low, high = (100 * edge for edge in distribution.share_interval(part, whole))
    middle = round(x + step / 2, 1)
    named = step > 44 or place % 3 == 0
    return fill(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="2" fill="var(--forward)" fill-opacity=".75"><title>{}</title></rect>'
        '<path d="M{} {}V{}" stroke="var(--ink-2)" stroke-width="1.5"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-size="11" fill="var(--ink-3)">{}</text>'
        '<text x="{}" y="{}" text-anchor="middle" font-size="11" fill="var(--ink-3)">{}</text>',
        round(x + step * 0.15, 1),
        _down(share),
        round(step * 0.7, 1),
        round(BASE - _down(share), 1),
        f"{first:%B %Y}: {part} of {whole}",
        middle,
        _down(low),
        _down(high),
        middle,
        BASE + 16,
        f"{first:%b %y}" if named else "",
        middle,
        BASE + 31,
        whole,
    )


@draw.register
def _(months: Months) -> SafeString:
    """A bar a month, its number on top."""
    if not months.n:
        return SafeString()
    step, top = (WIDE - 8) / max(6, len(months.rows)), max(number for _, number in months.rows)
    apart = max(1, round(APART / step + 0.5))
    rows = (
        _pillar(8 + place * step, step, number, number / top, f"{first:%b %y}" if place % apart == 0 else "")
        for place, (first, number) in enumerate(months.rows)
    )
    words = f"{months.n} {'incident' if months.n == 1 else 'incidents'}, month by month in the table"
    return fill(
        '<svg class="insight" viewBox="0 0 {} {}" role="img" aria-label="{}"><path d="M8 {}H{}" stroke="var(--line)"/>{}</svg>',
        WIDE, BASE + 28, words, BASE, WIDE, fill_each("{}", ((row,) for row in rows)),
    )  # fmt: skip


def _pillar(x: float, step: float, number: int, part: float, name: str) -> SafeString:
    high, middle = round(part * (BASE - 36), 1), round(x + step / 2, 1)
    shown = number if number and step > 14 else ""
    return fill(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="2" fill="var(--ink-3)" fill-opacity=".38"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-size="12" fill="var(--ink-2)">{}</text>'
        '<text x="{}" y="{}" text-anchor="middle" font-size="11" fill="var(--ink-3)">{}</text>',
        round(x + step * 0.15, 1), round(BASE - high, 1), round(step * 0.7, 1), high,
        middle, round(BASE - high - 6, 1), shown,
        min(WIDE - 20, max(22, middle)), BASE + 18, name,
    )  # fmt: skip


@draw.register
def _(lengths: Lengths) -> SafeString:
    """A histogram on a log axis, the median and the geometric mean with their intervals, and the median before."""
    if lengths.spread is None:
        return SafeString()
    axis = _Decades(lengths.bins)
    words = (
        f"{lengths.spread.n} values; median {in_unit(lengths.spread.median.value, lengths.unit)}, "
        f"geometric mean {in_unit(lengths.spread.geometric.value, lengths.unit)}"
    )
    return fill(
        '<svg class="insight" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>',
        WIDE,
        HIGH,
        words,
        _bars(lengths.bins, axis),
        _before(lengths, axis),
        _middles(lengths, axis),
        _ticks(axis, lengths.unit),
    )


class _Decades:
    """From the decade of the smallest value to that of the largest."""

    def __init__(self, bins: Sequence[tuple[int, int]]) -> None:
        self.low = bins[0][0] // BINS_PER_DECADE
        self.high = bins[-1][0] // BINS_PER_DECADE + 1

    def x(self, value: float) -> float:
        return LogAxis(10.0**self.low, 10.0**self.high, 8, WIDE - 8).position(value)


def _bars(bins: Sequence[tuple[int, int]], axis: _Decades) -> SafeString:
    top = max(number for _, number in bins)
    return fill_each(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="1.5" fill="var(--ink-3)" fill-opacity=".38"><title>{}</title></rect>',
        (
            (
                axis.x(10 ** (place / BINS_PER_DECADE)) + 1,
                round(BASE - number / top * (BASE - 48), 1),
                round(
                    axis.x(10 ** ((place + 1) / BINS_PER_DECADE))
                    - axis.x(10 ** (place / BINS_PER_DECADE))
                    - 2,
                    1,
                ),
                round(number / top * (BASE - 48), 1),
                number,
            )
            for place, number in bins
        ),
    )


def _middles(lengths: Lengths, axis: _Decades) -> SafeString:
    """The median as a line on its band; the geometric mean as a diamond on its own."""
    found = lengths.spread
    if found is None:
        return SafeString()
    median, mean = axis.x(found.median.value), axis.x(found.geometric.value)
    return fill(
        '<path d="M{} 14H{}" stroke="var(--forward)" stroke-width="5" stroke-opacity=".35"/><path d="M{} 6V{}" stroke="var(--forward)" stroke-width="2"/>'
        '<path d="M{} 32H{}" stroke="var(--note)" stroke-width="3" stroke-opacity=".45"/><path d="M{} 32l5 -5 5 5 -5 5z" fill="var(--note)"/>',
        axis.x(found.median.low),
        axis.x(found.median.high),
        median,
        BASE,
        axis.x(found.geometric.low),
        axis.x(found.geometric.high),
        round(mean - 5, 1),
    )


def _before(lengths: Lengths, axis: _Decades) -> SafeString:
    if lengths.before is None:
        return SafeString()
    bounded = min(10.0**axis.high, max(10.0**axis.low, lengths.before.median.value))
    return fill('<path d="M{} 6V{}" stroke="var(--ink-3)" stroke-dasharray="3 3"/>', axis.x(bounded), BASE)


def _ticks(axis: _Decades, unit: str) -> SafeString:
    marks = (
        MARKS
        if unit == "minutes"
        else {10**power: _short(10**power) for power in range(axis.low, axis.high + 1) if power >= 0}
    )
    shown = readable(
        {axis.x(value): name for value, name in marks.items() if axis.low <= log10(value) <= axis.high},
        apart=APART,
    )
    return fill(
        '<path d="M0 {}H{}" stroke="var(--line)"/>{}',
        BASE,
        WIDE,
        fill_each(
            '<path d="M{0} {1}v5" stroke="var(--line)"/><text x="{2}" y="{3}" text-anchor="middle" font-size="12" fill="var(--ink-3)">{4}</text>',
            ((place, BASE, min(WIDE - 24, max(22, place)), BASE + 20, name) for place, name in shown.items()),
        ),
    )


def _short(amount: int) -> str:
    for size, letter in ((10**9, "bn"), (10**6, "m"), (10**3, "k")):
        if amount >= size:
            return f"{amount // size}{letter}"
    return str(amount)


@draw.register
def _(curve: Curve) -> SafeString:
    if curve.n < MIN_VALUES:
        return SafeString()
    rows = [(step.day, step.share, step.low, step.high) for step in curve.steps]
    return survival_curve({"curve": rows, "longest": curve.longest})


@draw.register
def _(load: Load) -> SafeString:
    """A bar for each of the busiest twelve."""
    top = load.rows[0][1] if load.rows else 1
    return _across([(name, number / top, str(number)) for name, number in load.rows])


@draw.register
def _(teams: Teams) -> SafeString:
    """A bar for each of the twelve with the most due: the share in time."""
    return _across(
        [(name, part / whole, f"{part} of {whole}") for name, part, whole in teams.rows], whole=True
    )


@draw.register
def _(late: DaysLate) -> SafeString:
    """A bar for each of the twelve that were latest: the median of their days."""
    widest = max([1.0, *(middle for _, _, middle, _ in late.rows)])
    return _across(
        [
            (name, max(0.0, middle) / widest, f"{middle:g} day{'' if middle == 1 else 's'} ({number})")
            for name, number, middle, _ in late.rows
        ]
    )


def _across(rows: Sequence[tuple[str, float, str]], *, whole: bool = False) -> SafeString:
    """(name, part of the widest, words after it); with `whole` what is missing is shown pale."""
    if not rows:
        return SafeString()
    shown = rows[:12]
    return fill(
        '<svg class="insight" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDE,
        len(shown) * 26 + 4,
        "; ".join(f"{name}: {words}" for name, _, words in shown),
        fill_each("{}", ((_bar(place, *row, whole=whole),) for place, row in enumerate(shown))),
    )


def _bar(place: int, name: str, part: float, words: str, *, whole: bool) -> SafeString:
    wide, down = round(part * 210, 1), place * 26
    return fill(
        '<text x="150" y="{}" text-anchor="end" font-size="13" fill="var(--ink-2)">{}</text>'
        '<rect x="160" y="{}" width="{}" height="16" rx="3" fill="var(--forward)" fill-opacity=".16"/>'
        '<rect x="160" y="{}" width="{}" height="16" rx="3" fill="var(--forward)" fill-opacity=".75"/>'
        '<text x="{}" y="{}" font-size="13" fill="var(--ink-2)">{}</text>',
        down + 17, name, down + 4, 210 if whole else 0, down + 4, wide, 168 + (210 if whole else wide), down + 17, words,
    )  # fmt: skip
