"""Monthly roll-up: metrics of whole months in columns, for pages that count over many incidents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from struct import Struct
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from followthrough.facts.models import IncidentMetrics, MonthlyColumns, Outcome
from followthrough.incidents.models import Incident

INCIDENT = {
    "incident": "q", "began_at": "d", "detect": "d", "acknowledge": "d", "mitigate": "d", "resolve": "d",
    "reviewed_in_time": "b", "summary_in_time": "b", "facilitator": "q", "cost": "d", "has_cause": "b",
    "recurred_at": "d", "severity": "q",
}  # fmt: skip
ACTION = {
    "incident": "q", "due_month": "i", "in_time": "b", "finished_at": "d", "held": "b", "recurred_at": "d",
    "severity": "q",
}  # fmt: skip
LINK = {"incident": "q", "to": "q"}
"""{column: its kind, as struct and numpy call it}. Moments are seconds and days counted since 1970, yes is 1 and no 0."""

_UNKNOWN = {"d": float("nan"), "b": -1, "i": -(2**31), "q": -1}
"""What stands for nothing."""
_EPOCH = date(1970, 1, 1)


def months_of(keys: Collection[int]) -> set[str]:
    """The months in which these incidents began, also as far as that was written before they changed."""
    began = Incident.objects.filter(pk__in=keys).values_list("began_at", flat=True)
    written = dict(IncidentMetrics.objects.filter(pk__in=keys).values_list("pk", "began_at"))
    undated = [] if len(written) == len(set(keys)) else [Incident.UNDATED]
    return {_month(moment) for moment in [*began, *written.values(), *undated]}


def pack_months(months: Iterable[str]) -> None:
    """Writes the sheets of these months anew, or takes away what holds nothing any more."""
    for month in sorted(months):
        with transaction.atomic():
            _pack(month)


def pack_all_months() -> None:
    """Every month's, each in a transaction of its own."""
    began = Incident.objects.order_by().values_list("began_at", flat=True)
    pack_months(
        {_month(moment) for moment in began.iterator()}
        | set(MonthlyColumns.objects.values_list("month", flat=True))
    )


def _pack(month: str) -> None:
    columns, _ = MonthlyColumns.objects.select_for_update().get_or_create(month=month)
    began = _span(month)
    incidents = _rows(IncidentMetrics.objects.filter(_within("incident__", began)), INCIDENT)
    actions = _rows(Outcome.objects.filter(_within("incident__", began)), ACTION)
    if not incidents and not actions:
        columns.delete()
        return
    columns.token = uuid4()
    days = [*map(_last_day, actions), *(row[1].date() for row in incidents)]
    columns.last_day = max(days, default=date.min)
    columns.incidents, columns.actions = _packed(incidents, INCIDENT), _packed(actions, ACTION)
    columns.services = _links(Incident.services.through, "service", began)
    columns.teams = _links(Incident.teams.through, "team", began)
    columns.save()


def _rows(rows: Any, columns: Mapping[str, str]) -> list[tuple[Any, ...]]:
    names = ["incident__severity" if name == "severity" else name for name in columns]
    return list(rows.order_by("pk").values_list(*names))


def _links(through: Any, to: str, began: tuple[datetime, datetime]) -> bytes:
    rows = through._default_manager.filter(_within("incident__", began))
    open_ones = rows.filter(incident__visibility=Incident.Visibility.OPEN)
    return _packed(open_ones.order_by("pk").values_list("incident", to), LINK)


def _within(path: str, began: tuple[datetime, datetime]) -> Q:
    return Q(**{f"{path}began_at__gte": began[0], f"{path}began_at__lt": began[1]})


def _packed(rows: Iterable[tuple[Any, ...]], columns: Mapping[str, str]) -> bytes:
    kinds = list(columns.values())
    layout = Struct("<" + "".join(kinds))
    return b"".join(layout.pack(*map(_plain, row, kinds)) for row in rows)


def _plain(value: Any, kind: str) -> Any:
    if value is None:
        return _UNKNOWN[kind]
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, date):
        return (value - _EPOCH).days
    return value


def _last_day(row: tuple[Any, ...]) -> date:
    due, finished = row[1], row[3]
    return max(due or date.min, finished.date() if finished else date.min)


def _month(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    return f"{moment.year:04}-{moment.month:02}"


def _span(month: str) -> tuple[datetime, datetime]:
    first = datetime(int(month[:4]), int(month[5:]), 1, tzinfo=UTC)
    return first, (first + timedelta(days=32)).replace(day=1)
