"""What each drawing shows as rows, for those who cannot see it and for the download."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch

from followthrough.insights.claims import in_unit
from followthrough.insights.lateness import DaysLate
from followthrough.insights.measures import Curve, Lengths, Load, Measure, Months, Share, Teams, values_of
from followthrough.insights.queries import Found


@dataclass(frozen=True)
class Table:
    head: list[str]
    rows: list[list[object]]


@singledispatch
def table_of(measure: Measure) -> Table:
    """The few rows of the page."""
    raise NotImplementedError(measure.key)


@table_of.register
def _(share: Share) -> Table:
    rows: list[list[object]] = [
        [f"{month:%b %Y}", part, whole, f"{round(100 * part / whole)} %"]
        for month, part, whole in share.months
    ]
    return Table(["Month", "Kept", "Due", "Share"], rows)


@table_of.register
def _(lengths: Lengths) -> Table:
    rows: list[list[object]] = []
    for name, found in (("This period", lengths.spread), ("Before", lengths.before)):
        if found:
            rows.append(
                [
                    name,
                    found.n,
                    *(
                        f"{in_unit(middle.value, lengths.unit)} ({in_unit(middle.low, lengths.unit)} – {in_unit(middle.high, lengths.unit)})"
                        for middle in (found.median, found.geometric)
                    ),
                    f"{in_unit(found.lower, lengths.unit)} – {in_unit(found.upper, lengths.unit)}",
                ]
            )
    return Table(["Period", "n", "Median (95 %)", "Geometric mean (95 %)", "Middle half"], rows)


@table_of.register
def _(curve: Curve) -> Table:
    rows: list[list[object]] = [
        [
            f"{step.day:.0f}",
            f"{100 * step.share:.0f} %",
            f"{100 * step.low:.0f} % – {100 * step.high:.0f} %",
            step.left,
        ]
        for step in curve.steps[:: max(1, len(curve.steps) // 24)]
    ]
    return Table(["Days", "Still hold", "95 %", "Watched"], rows)


@table_of.register
def _(load: Load) -> Table:
    return Table([load.of, "Meetings"], [[name, number] for name, number in load.rows])


@table_of.register
def _(months: Months) -> Table:
    return Table(["Month", "Incidents"], [[f"{month:%b %Y}", number] for month, number in months.rows])


@table_of.register
def _(teams: Teams) -> Table:
    rows: list[list[object]] = [
        [name, part, whole, f"{round(100 * part / whole)} %"] for name, part, whole in teams.rows
    ]
    return Table(["Team", "In time", "Due", "Share"], rows)


@table_of.register
def _(late: DaysLate) -> Table:
    rows: list[list[object]] = [
        [name, number, f"{middle:g}", most] for name, number, middle, most in late.rows
    ]
    return Table(["Team", "Events", "Median days late", "Most"], rows)


def download_of(measure: Measure, found: Found) -> Table:
    """Every single value behind the drawing."""
    if isinstance(measure, Lengths):
        values = zip(*(column.tolist() for column in values_of(found.now, measure.key)), strict=True)
        return Table(["incident", measure.unit], [[f"INC-{pk}", round(value, 2)] for pk, value in values])
    if isinstance(measure, Share):
        return Table(
            ["month", "kept", "due"],
            [[f"{month:%Y-%m}", part, whole] for month, part, whole in measure.months],
        )
    if isinstance(measure, Curve):
        rows: list[list[object]] = [
            [step.day, round(step.share, 4), round(step.low, 4), round(step.high, 4), step.left]
            for step in measure.steps
        ]
        return Table(["days", "still_hold", "low", "high", "watched"], rows)
    if isinstance(measure, DaysLate):
        return Table(["incident", "days_late"], [[f"INC-{pk}", days] for pk, days in measure.known])
    return table_of(measure)
