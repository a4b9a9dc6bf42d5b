"""Reading what was counted: aggregates, punctuality, how many fixes held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from followthrough.facts.models import Aggregate, Outcome

YEAR = timedelta(days=365)
MIN_ACTIONS = 10
"""With fewer cases a share says nothing."""


@dataclass(frozen=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def percent(self) -> int:
        return round(100 * self.part / self.whole) if self.whole else 0

    @property
    def is_enough(self) -> bool:
        return self.whole >= MIN_ACTIONS


@dataclass(frozen=True)
class Month:
    """The actions that were due in one month, and how many of them were done in time."""

    first: date
    share: Share


def aggregate(key: str) -> dict[str, Any]:
    """What was counted last; empty before it ever was."""
    value: dict[str, Any] = Aggregate.objects.filter(key=key).values_list("value", flat=True).first() or {}
    return value


def usual_stages() -> dict[str, float]:
    """{stage: the median of its minutes in the last twelve months}, as counted last."""
    usual: dict[str, float] = aggregate("response").get("usual", {})
    return usual


def fixes(now: datetime) -> Share:
    """Of the actions done in the last twelve months that answer a kind of cause: those that held."""
    judged = Outcome.objects.filter(finished_at__gte=now - YEAR, held__isnull=False)
    row = judged.aggregate(whole=Count("finished_at"), part=Count("finished_at", filter=Q(held=True)))
    return Share(row["part"], row["whole"])


def punctuality() -> list[Month]:
    """The last twelve months, the oldest first; the running one counts what can be said of it already."""
    months = _last_months(timezone.localdate(), 12)
    rows = Outcome.objects.filter(due_month__gte=months[0], due_month__lte=months[-1], in_time__isnull=False)
    counted = rows.order_by().values_list("due_month", "in_time").annotate(number=Count("*"))
    found = {(month, in_time): number for month, in_time, number in counted}
    return [_month(first, found.get((first, True), 0), found.get((first, False), 0)) for first in months]


def _month(first: date, in_time: int, late: int) -> Month:
    return Month(first, Share(in_time, in_time + late))


def _last_months(today: date, number: int) -> list[date]:
    ends = [today.year * 12 + today.month - 1 - ago for ago in range(number)]
    return [date(month // 12, month % 12 + 1, 1) for month in reversed(ends)]
