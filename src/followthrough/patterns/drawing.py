"""Drawings of patterns and shares, as SVG on the page's own colours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import sqrt
from typing import Any

from django.utils.safestring import SafeString

from followthrough.drawing.axes import TimeAxis, months_until
from followthrough.drawing.svg import fill, fill_each
from followthrough.facts.queries import Month
from followthrough.patterns.models import Pattern
from followthrough.patterns.pattern_state import YEAR

WIDTH, HEIGHT, EDGE = 400, 44, 10
WIDE = 960
SMALLEST, LARGEST = 3.5, 9.0
FULL_SIZE_MINUTES = 8 * 60
"""Minutes of impact from which on an incident is drawn at its largest."""


def timeline_strip(pattern: Pattern, now: datetime, *, width: int = WIDTH) -> SafeString:
    """Twelve months from left to right: incidents by minutes of impact, actions finished and still open."""
    marks: dict[str, Any] = pattern.chart_data
    last = f", the last on {pattern.last_at:%d %B %Y}" if pattern.last_at else ""
    words = (
        f"{pattern.incidents} incidents in 12 months{last}; "
        f"{pattern.actions - pattern.unfinished} actions finished, {pattern.unfinished} open"
    )
    return fill(
        '<svg class="lane" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path d="M4 22H{}" stroke="var(--line)"/>{}{}{}</svg>',
        width,
        HEIGHT,
        words,
        width - 4,
        _incidents(marks.get("incidents", []), now, width),
        _actions(marks.get("done", []), now, width, "var(--forward)", ""),
        _actions(marks.get("open", []), now, width, "var(--due)", "3 3"),
    )


def months_axis(now: datetime) -> SafeString:
    """The months below a lane, every third named."""
    return fill(
        '<svg class="lane-axis" viewBox="0 0 {} 16" aria-hidden="true">{}</svg>',
        WIDE,
        fill_each(
            '<text x="{}" y="11" text-anchor="middle" font-size="11" fill="var(--ink-3)">{}</text>',
            (
                (_across(moment.isoformat(), now, WIDE), f"{moment:%b %Y}")
                for moment in months_until(now, 12)[1::3]
            ),
        ),
    )


def _incidents(rows: Sequence[tuple[int, str, int]], now: datetime, width: int) -> SafeString:
    return fill_each(
        '<circle cx="{}" cy="22" r="{}" fill="var(--broke)" fill-opacity=".8"><title>INC-{}, {} min</title></circle>',
        ((_across(moment, now, width), _radius(minutes), key, minutes) for key, moment, minutes in rows),
    )


def _actions(moments: Sequence[str], now: datetime, width: int, colour: str, dashes: str) -> SafeString:
    return fill_each(
        '<path d="M{} 8v28" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>',
        ((_across(moment, now, width), colour, dashes or "none") for moment in moments),
    )


def _across(moment: str, now: datetime, width: int) -> str:
    return f"{TimeAxis(now, YEAR, EDGE, width - EDGE).position(datetime.fromisoformat(moment)):.1f}"


def _radius(minutes: int) -> str:
    return f"{SMALLEST + (LARGEST - SMALLEST) * sqrt(min(1.0, minutes / FULL_SIZE_MINUTES)):.1f}"


SPARK_WIDTH, SPARK_TOP, SPARK_BASE = 320, 8, 104
USUAL_PERCENT = 60
"""Per cent of their actions that teams usually finish."""


def punctuality(months: Sequence[Month]) -> SafeString:
    """The share of actions done in time over two months or more, each with actions due; with what is usual as a line."""
    days = (months[-1].first - months[0].first).days
    points = [
        (
            round((month.first - months[0].first).days * SPARK_WIDTH / days),
            _height(month.share.percent),
            month,
        )
        for month in months
    ]
    line = " ".join(f"{x} {y}" for x, y, _ in points)
    usual = _height(USUAL_PERCENT)
    return fill(
        '<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path d="M{}V{}H{}Z" fill="var(--forward-bg)"/>'
        '<path d="M0 {}h{}" stroke="var(--line)" stroke-dasharray="2 4"/>'
        '<path d="M{}" fill="none" stroke="var(--forward)" stroke-width="2" stroke-linejoin="round"/>'
        '<circle cx="{}" cy="{}" r="3.5" fill="var(--forward)"/>{}</svg>',
        SPARK_WIDTH,
        SPARK_BASE,
        _told(points[0][2], points[-1][2]),
        line,
        SPARK_BASE,
        points[0][0],
        usual,
        SPARK_WIDTH,
        line,
        min(points[-1][0], SPARK_WIDTH - 3),
        points[-1][1],
        fill_each(
            '<circle cx="{}" cy="{}" r="8" fill="transparent"><title>{}</title></circle>',
            map(_titled, points),
        ),
    )


def _told(first: Month, last: Month) -> str:
    return (
        f"Share of actions done in time, by the month in which they were due: {first.share.percent} percent in "
        f"{first.first:%B %Y}, {last.share.percent} percent in {last.first:%B %Y}; {USUAL_PERCENT} percent is usual"
    )


def _titled(point: tuple[int, int, Month]) -> tuple[int, int, str]:
    x, y, month = point
    return x, y, f"{month.first:%B %Y}: {month.share.part} of {month.share.whole} in time"


def _height(percent: int) -> int:
    return round(SPARK_BASE - percent / 100 * (SPARK_BASE - SPARK_TOP))
