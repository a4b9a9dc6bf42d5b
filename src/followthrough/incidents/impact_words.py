"""The impact in words: one line for each number that is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings

from followthrough.incidents.models import Impact
from followthrough.incidents.response_stages import lateness

_NAMES: dict[str, str] = {
    "users_affected": "Users affected",
    "share_of_requests": "Requests that failed",
    "revenue_lost": "Revenue lost",
    "support_contacts": "Support contacts",
    "objective_minutes": "Error budget used",
    "data_lost": "Data lost",
    "scope": "Scope",
    "schedule_days": "Schedule",
    "cost": "Cost",
}


@dataclass(frozen=True)
class Line:
    """One number of the impact in words; `is_estimate` where somebody marked it so."""

    name: str
    value: str
    is_estimate: bool = False


def impact_lines(impact: Impact | None) -> list[Line]:
    """Everything that is known of the impact, with units; empty when nothing is."""
    notes = [Line("Notes", impact.notes)] if impact and impact.notes else []
    return [*impact_figures(impact), *notes]


def impact_figures(impact: Impact | None) -> list[Line]:
    """The same without the notes, which are for those who work on it."""
    return list(_lines(impact)) if impact else []


def _lines(impact: Impact) -> Iterator[Line]:
    for field, name in _NAMES.items():
        value = getattr(impact, field)
        if value not in {None, ""}:
            yield Line(name, _words(field, value), field in impact.estimates)
    if impact.people and impact.hours_each:
        is_estimate = bool({"people", "hours_each", "cost_per_hour"} & set(impact.estimates))
        yield Line("Work of people", _work(impact), is_estimate)


def _words(field: str, value: Any) -> str:
    if field in {"revenue_lost", "cost"}:
        return money(value)
    if field == "share_of_requests":
        return f"{_short(value)} %"
    if field == "objective_minutes":
        return f"{_short(value)} minutes"
    if field == "schedule_days":
        return lateness(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _work(impact: Impact) -> str:
    each = Decimal(impact.hours_each or 0)
    hours = (impact.people or 0) * each
    words = f"{impact.people} people × {_short(each)} h = {_short(hours)} hours"
    return f"{words}, {money(hours * impact.cost_per_hour)}" if impact.cost_per_hour else words


def _short(number: Decimal) -> str:
    """Without a fraction that says nothing."""
    return f"{Decimal(number).normalize():,f}"


def money(amount: Decimal) -> str:
    """An amount in the organisation's currency, without a fraction."""
    return f"{settings.CURRENCY} {amount:,.0f}"
