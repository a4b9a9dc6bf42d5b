"""The impact as lines of a summary."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings

from followthrough.incidents.models import Impact
from followthrough.reports.report import Fact

_NAMES: dict[str, str] = {
    "users_affected": "Users affected",
    "share_of_requests": "Requests that failed",
    "revenue_lost": "Revenue lost",
    "support_contacts": "Support contacts",
    "objective_minutes": "Objective budget burnt",
    "data_lost": "Data lost",
    "scope": "Scope",
    "schedule_days": "Schedule",
    "cost": "Cost",
}


def impact_facts(impact: Impact | None) -> list[Fact]:
    """What is known of the impact, estimates marked as such; empty when nothing is."""
    return list(_facts(impact)) if impact else []


def _facts(impact: Impact) -> Iterator[Fact]:
    for field, name in _NAMES.items():
        value = getattr(impact, field)
        if value not in {None, ""}:
            yield Fact(
                name=name, value=_words(field, value) + (" (estimate)" if field in impact.estimates else "")
            )
    if impact.people and impact.hours_each:
        yield Fact(name="Work of people", value=_work(impact))


def _words(field: str, value: Any) -> str:
    if field in {"revenue_lost", "cost"}:
        return money(value)
    if field == "share_of_requests":
        return f"{_short(value)} %"
    if field == "objective_minutes":
        return f"{_short(value)} minutes"
    if field == "schedule_days":
        return f"{abs(value)} days {'late' if value > 0 else 'early'}" if value else "on the day"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _work(impact: Impact) -> str:
    each = Decimal(impact.hours_each or 0)
    hours = (impact.people or 0) * each
    words = f"{impact.people} people × {_short(each)} h = {_short(hours)} hours"
    return f"{words}, {money(hours * impact.cost_per_hour)}" if impact.cost_per_hour else words


def _short(number: Decimal) -> str:
    """Without a fraction that says nothing."""
    return f"{Decimal(number).normalize():f}"


def money(amount: Decimal) -> str:
    """An amount in the organisation's currency, without a fraction."""
    return f"{settings.CURRENCY} {amount:,.0f}"
