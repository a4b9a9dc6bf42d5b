"""Reading the figures: a fixed number of queries whatever is chosen. Restricted incidents are in none of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from followthrough.incidents.models import Incident, Service
from followthrough.insights.forms import Choice
from followthrough.patterns.models import Figures, Outcome
from followthrough.people.models import User

_COLUMNS = (
    "pk", "began_at", "detect", "acknowledge", "mitigate", "resolve", "reviewed_in_time", "summary_in_time",
    "facilitator", "cost", "has_cause", "recurred_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One incident's figures (see patterns.models.Figures)."""

    pk: int
    began_at: datetime
    detect: float | None
    acknowledge: float | None
    mitigate: float | None
    resolve: float | None
    reviewed_in_time: bool | None
    summary_in_time: bool | None
    facilitator: int | None
    cost: float | None
    has_cause: bool
    recurred_at: datetime | None


@dataclass(frozen=True, slots=True)
class Promised:
    """One promised action: in time or not (None: still may be), when it was done, whether it held and until when."""

    number: int
    due_month: date | None
    in_time: bool | None
    finished_at: datetime | None
    held: bool | None
    recurred_at: datetime | None


@dataclass(frozen=True)
class Found:
    """The chosen period's incidents and those of the period before, and all actions of both."""

    now: list[Row]
    before: list[Row]
    actions: list[Promised]


def find(choice: Choice) -> Found:
    """Everything that the page needs, in two queries."""
    figures = _narrowed(Figures.objects.all(), choice).filter(
        began_at__gt=choice.before, began_at__lte=choice.until
    )
    rows = [Row(*values) for values in figures.order_by("began_at").values_list(*_COLUMNS)]
    outcomes = _narrowed(Outcome.objects.all(), choice).filter(
        Q(due_month__gt=choice.before.date(), due_month__lte=choice.until.date())
        | Q(finished_at__gt=choice.before)
    )
    fields = ("action__number", "due_month", "in_time", "finished_at", "held", "recurred_at")
    return Found(
        now=[row for row in rows if row.began_at > choice.since],
        before=[row for row in rows if row.began_at <= choice.since],
        actions=[Promised(*values) for values in outcomes.values_list(*fields)],
    )


def _narrowed(rows: QuerySet[Any], choice: Choice) -> QuerySet[Any]:
    if choice.severity:
        rows = rows.filter(incident__severity=choice.severity)
    if choice.service:
        rows = rows.filter(_linked(Incident.services.through, service=choice.service))
    if choice.team:
        owned = Service.objects.filter(owner=choice.team).values("pk")
        rows = rows.filter(
            _linked(Incident.teams.through, team=choice.team)
            | _linked(Incident.services.through, service__in=owned)
        )
    return rows


def _linked(through: Any, **wanted: Any) -> Q:
    return Q(Exists(through._default_manager.filter(incident=OuterRef("incident"), **wanted)))


def names_of(people: Iterable[int]) -> dict[int, str]:
    """{key: name}"""
    return dict(User.objects.filter(pk__in=set(people)).values_list("pk", "name"))
