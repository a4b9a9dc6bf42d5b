"""Cost of the incident, with the formula shown."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from followthrough.core.times import in_words
from followthrough.incidents.models import Service
from followthrough.meeting_room.render_input import RenderInput

_MONTH_MINUTES = Decimal(30 * 24 * 60)
_HOUR = Decimal(3600)


def impact_of(facts: RenderInput) -> dict[str, Any]:
    """People's cost by its formula, and what the services' objectives and revenue say, in sentences.

    `minutes` is how long it lasted, `objective_minutes` the most budget burnt of any service, `revenue_lost` the
    most that can have been lost; money is in the organisation's currency. Each is None where the facts for it
    are missing.
    """
    lasted = facts.incident.duration if facts.incident.is_outage else None
    burnt = [row for service in facts.services if lasted and (row := _burnt(service, lasted, facts))]
    lost = [row for service in facts.services if lasted and (row := _revenue(service, lasted))]
    cost, formula = _people_cost(facts)
    return {
        "cost": cost,
        "formula": formula,
        "minutes": _minutes(lasted),
        "objective_minutes": max((minutes for minutes, _ in burnt), default=None),
        "objective": [words for _, words in burnt],
        "revenue_lost": sum(amount for amount, _ in lost) if lost else None,
        "revenue": [words for _, words in lost],
        "currency": settings.CURRENCY,
    }


def _minutes(lasted: timedelta | None) -> float | None:
    return None if lasted is None else round(lasted / timedelta(minutes=1), 1)


def _people_cost(facts: RenderInput) -> tuple[float | None, str]:
    people, hours, rate = facts.impact.people, facts.impact.hours_each, facts.impact.cost_per_hour
    if people is None or hours is None:
        return None, "People × hours each × cost of an hour"
    if rate is None:
        return None, f"{people:,} people × {_plain(hours)} h each = {_plain(people * hours)} hours"
    cost = people * hours * rate
    return float(cost), f"{people:,} people × {_plain(hours)} h × {_money(rate)} = {_money(cost)}"


def _burnt(service: Service, lasted: timedelta, facts: RenderInput) -> tuple[float, str] | None:
    """Minutes of the service's monthly objective budget that went, and a sentence of it."""
    if service.objective is None:
        return None
    share = facts.impact.share_of_requests
    minutes = Decimal(lasted.total_seconds()) / 60 * (Decimal(1) if share is None else share / 100)
    budget = _MONTH_MINUTES * (100 - service.objective) / 100
    of_requests = "" if share is None else f" at {_plain(share)} % of requests"
    took = f"{round(100 * minutes / budget):,} % of that" if budget else f"{_plain(round(minutes, 1))} min"
    words = (
        f"{service.name} may be down {_plain(round(budget, 1))} min a month ({_plain(service.objective)} %); "
        f"{in_words(lasted)}{of_requests} took {took}."
    )
    return float(round(minutes, 1)), words


def _revenue(service: Service, lasted: timedelta) -> tuple[float, str] | None:
    """The most that a service can have lost, and a sentence of it."""
    if not service.revenue_per_hour:
        return None
    most = service.revenue_per_hour * Decimal(lasted.total_seconds()) / _HOUR
    words = f"{service.name} earns {_money(service.revenue_per_hour)} an hour: at most {_money(most)} in {in_words(lasted)}."
    return float(round(most)), words


def _money(amount: Decimal) -> str:
    return f"{round(amount):,} {settings.CURRENCY}"


def _plain(number: Decimal) -> str:
    said = f"{number:,f}"
    return said.rstrip("0").rstrip(".") if "." in said else said
