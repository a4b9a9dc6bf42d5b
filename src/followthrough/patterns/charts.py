"""Small charts of counts, ratios, curves and handoffs, as SVG on the page's own colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isinf
from typing import Any

from django.utils.safestring import SafeString

from followthrough.drawing.axes import LogAxis
from followthrough.drawing.svg import fill, fill_each
from followthrough.statistics import rate_alarms
from followthrough.statistics.rate_alarms import Rate

BAR, GAP, TALL = 12, 4, 36


def months(counts: Sequence[int], alarm: bool = False) -> SafeString:  # noqa: FBT001, FBT002 - drawn either way
    """Fifteen months as bars, the last three (90 days) in colour."""
    top = max(*counts, 1)
    width = len(counts) * (BAR + GAP) - GAP
    recent = "var(--broke)" if alarm else "var(--forward)"
    bars = fill_each(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="1.5" fill="{}"><title>{}</title></rect>',
        (
            (
                place * (BAR + GAP),
                TALL - _tall(count, top),
                BAR,
                _tall(count, top),
                recent if place >= rate_alarms.BEFORE_MONTHS else "var(--ink-3)",
                _counted(count, len(counts) - place - 1),
            )
            for place, count in enumerate(counts)
        ),
    )
    words = f"{sum(counts[rate_alarms.BEFORE_MONTHS :])} in the last 90 days, {sum(counts[: rate_alarms.BEFORE_MONTHS])} in the 365 days before"
    return fill(
        '<svg class="months" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        width,
        TALL,
        words,
        bars,
    )


def _tall(count: int, top: int) -> float:
    return round(max(1.5, count / top * TALL), 1)


def _counted(count: int, ago: int) -> str:
    return f"{count} in the last 30 days" if not ago else f"{count}, {ago} months ago"


LOW, HIGH, SPAN = 1 / 8, 16.0, 400


def rate_ratio(rate: Rate, *, alarm: bool) -> SafeString:
    """The ratio of rates with its interval on a log axis, “as often as before” in the middle of it."""
    low, high = rate_alarms.interval_of(rate)
    colour = "var(--broke)" if alarm else "var(--ink-2)"
    ticks = fill_each(
        '<path d="M{0} 30v4" stroke="var(--line)"/><text x="{0}" y="48" text-anchor="middle" font-size="11" fill="var(--ink-3)">{1}</text>',
        (
            (_at(tick), label)
            for tick, label in ((0.25, "¼×"), (0.5, "½×"), (1, "as before"), (2, "2×"), (4, "4×"), (8, "8×"))
        ),
    )
    return fill(
        '<svg class="ratio" viewBox="0 0 {} 54" role="img" aria-label="{}"><path d="M0 30H{}" stroke="var(--line)"/>{}'
        '<path d="M{} 6V34" stroke="var(--line)" stroke-dasharray="2 3"/>'
        '<path d="M{} 18H{}" stroke="{}" stroke-width="3" stroke-linecap="round"/>{}</svg>',
        SPAN,
        f"{rate.ratio:.1f} times as often, between {low:.1f} and {high:.1f}" if rate.before else "no ratio",
        SPAN,
        ticks,
        _at(1),
        _at(low),
        _at(high),
        colour,
        _dot(rate, colour),
    )


def _dot(rate: Rate, colour: str) -> SafeString:
    if isinf(rate.ratio):
        return SafeString()
    return fill('<circle cx="{}" cy="18" r="5.5" fill="{}"/>', _at(rate.ratio), colour)


def _at(value: float) -> float:
    return LogAxis(LOW, HIGH, 4, SPAN - 4).position(value)


CELL, HEAD, SIDE = 44, 96, 132


def handoff_matrix(handoffs: Mapping[str, Any]) -> SafeString:
    """Who hands on to whom: rows give, columns receive; the more often the darker."""
    teams, cells = handoffs["teams"], handoffs["cells"]
    place = {team: number for number, team in enumerate(teams)}
    top = max(cell[2] for cell in cells)
    size = len(teams) * CELL
    return fill(
        '<svg class="matrix" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="Handoffs from team to team; the table below holds the same">{2}{3}{4}{5}</svg>',
        SIDE + size + HEAD // 2,
        HEAD + size,
        _grid(len(teams)),
        fill_each(
            '<text x="{}" y="{}" text-anchor="end" font-size="12" fill="var(--ink-2)">{}</text>',
            ((SIDE - 8, HEAD + number * CELL + CELL / 2 + 4, _short(team)) for team, number in place.items()),
        ),
        fill_each(
            '<text transform="translate({} {}) rotate(-45)" font-size="12" fill="var(--ink-2)">{}</text>',
            ((SIDE + number * CELL + CELL / 2, HEAD - 8, _short(team)) for team, number in place.items()),
        ),
        fill_each(
            '<rect x="{}" y="{}" width="{}" height="{}" rx="4" fill="var(--due)" fill-opacity="{}"><title>{}</title></rect>'
            '<text x="{}" y="{}" text-anchor="middle" font-size="13" font-weight="600" fill="var(--ink)">{}</text>',
            (
                _cell(place[giver], place[taker], number, minutes, top, f"{giver} → {taker}")
                for giver, taker, number, minutes in cells
            ),
        ),
    )


def _cell(row: int, column: int, number: int, minutes: float, top: int, who: str) -> tuple[object, ...]:
    x, y = SIDE + column * CELL, HEAD + row * CELL
    title = f"{who}: {number}, {minutes:.0f} min between them in the middle"
    shade = round(0.12 + 0.4 * number / top, 2)
    return x + 1, y + 1, CELL - 2, CELL - 2, shade, title, x + CELL / 2, y + CELL / 2 + 5, number


def _grid(number: int) -> SafeString:
    return fill_each(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="4" fill="var(--sunken)"/>',
        (
            (SIDE + column * CELL + 1, HEAD + row * CELL + 1, CELL - 2, CELL - 2)
            for row in range(number)
            for column in range(number)
        ),
    )


def _short(team: str) -> str:
    return team if len(team) <= 16 else f"{team[:15]}…"
