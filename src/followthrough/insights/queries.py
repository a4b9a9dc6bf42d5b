"""Reading the figures: a fixed number of queries whatever is chosen. Restricted incidents are in none of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from django.core.cache import cache
from django.db.models import Q

from followthrough.facts.models import MonthlyColumns
from followthrough.facts.operations.monthly_rollup import ACTION, INCIDENT, LINK
from followthrough.incidents.models import Incident, Milestone, Service
from followthrough.incidents.response_stages import days_late
from followthrough.insights.choice import Choice
from followthrough.people.models import Team, User
from followthrough.postmortems.models import Omission

if TYPE_CHECKING:
    import numpy as np

Rows: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"
"""With the columns of facts.operations.monthly_rollup."""
Figures = TypeVar("Figures")
MAX_AGE_SECONDS = 300
"""Seconds: that the period moves on with the clock is seen after them, every change at once."""


@dataclass(frozen=True)
class Found:
    """The chosen period's incidents, those of the period before, all actions of both, and incidents' teams: a row
    each, in the columns of facts.operations.monthly_rollup."""

    now: Rows
    before: Rows
    actions: Rows
    teams: Rows


def cached_figures(choice: Choice, figures: Callable[[], Figures]) -> Figures:
    """What `figures` gave for the same choice since any figure changed, or gives now."""
    written = repr(list(MonthlyColumns.objects.order_by("month").values_list("token", flat=True)))
    key = f"insights:{choice.name}:{sha256(written.encode()).hexdigest()}"
    return cast("Figures", cache.get_or_set(key, figures, MAX_AGE_SECONDS))


def find(choice: Choice) -> Found:
    """Everything that the figures need, in two queries."""
    wanted = Q(month__gte=f"{choice.before:%Y-%m}") | Q(last_day__gte=choice.before.date())
    names = ("incidents", "actions", "services", "teams")
    sheets = list(MonthlyColumns.objects.filter(wanted).order_by("month").values_list(*names))
    incidents, actions = (
        _unpacked([row[at] for row in sheets], columns) for at, columns in enumerate((INCIDENT, ACTION))
    )
    services, teams = (_unpacked([row[at] for row in sheets], LINK) for at in (2, 3))
    linked = _linked(choice, services, teams)
    incidents, actions = (_narrowed(rows, choice, linked) for rows in (incidents, actions))
    before, since, until = (day.timestamp() for day in (choice.before, choice.since, choice.until))
    began = incidents["began_at"]
    return Found(
        now=incidents[(began > since) & (began <= until)],
        before=incidents[(began > before) & (began <= since)],
        actions=actions,
        teams=teams,
    )


def _unpacked(pieces: Iterable[Any], columns: Mapping[str, str]) -> Rows:
    import numpy as np  # noqa: PLC0415 - a heavy import

    kinds = np.dtype([(name, f"<{kind}") for name, kind in columns.items()])
    return np.frombuffer(b"".join(map(bytes, pieces)), kinds)


def _linked(choice: Choice, services: Rows, teams: Rows) -> list[Rows]:
    """The incidents of the chosen service, and those of the chosen team or a service that it owns."""
    import numpy as np  # noqa: PLC0415 - numpy, which an idle server does without

    linked = []
    if choice.service:
        linked.append(_with(services, [choice.service.pk]))
    if choice.team:
        owned = list(Service.objects.filter(owner=choice.team).values_list("pk", flat=True))
        linked.append(np.concatenate([_with(teams, [choice.team.pk]), _with(services, owned)]))
    return linked


def _narrowed(rows: Rows, choice: Choice, linked: Iterable[Rows]) -> Rows:
    """Those of the chosen severity whose incidents are among all of the linked ones."""
    import numpy as np  # noqa: PLC0415 - numpy, which an idle server does without

    if choice.severity:
        rows = rows[rows["severity"] == choice.severity.pk]
    for incidents in linked:
        rows = rows[np.isin(rows["incident"], incidents)]
    return rows


def _with(links: Rows, wanted: list[int]) -> Rows:
    """The incidents that are linked to one of them."""
    import numpy as np  # noqa: PLC0415 - numpy, which an idle server does without

    linked: Rows = links["incident"][np.isin(links["to"], wanted)]
    return linked


def days_late_of(found: Found) -> dict[int, int]:
    """{incident of the period that was planned: calendar days by which it ended late}, where both dates are known; one
    query."""
    ends = Milestone.objects.filter(
        name__in=(Milestone.Name.PLANNED_END, Milestone.Name.ACTUAL_END),
        incident__visibility=Incident.Visibility.OPEN,
    ).exclude(at=None)
    known: dict[int, dict[str, datetime]] = defaultdict(dict)
    zones: dict[int, str] = {}
    counted = set(found.now["incident"].tolist())
    for incident, zone, name, at in ends.values_list("incident", "incident__zone", "name", "at"):
        if at and incident in counted:
            known[incident][name], zones[incident] = at, zone
    late = {incident: days_late(moments, zones[incident]) for incident, moments in known.items()}
    return {incident: days for incident, days in late.items() if days is not None}


def names_of(people: Iterable[int]) -> dict[int, str]:
    """{key: name}"""
    return dict(User.objects.filter(pk__in=set(people)).values_list("pk", "name"))


def teams_of(found: Found) -> dict[int, list[int]]:
    """{incident: its teams}"""
    teams: dict[int, list[int]] = defaultdict(list)
    for incident, team in zip(found.teams["incident"].tolist(), found.teams["to"].tolist(), strict=True):
        teams[incident].append(team)
    return teams


def team_names(teams: Iterable[int]) -> dict[int, str]:
    """{key: name}"""
    return dict(Team.objects.filter(pk__in=set(teams)).values_list("pk", "name"))


def omitted() -> Iterable[tuple[int, str]]:
    """(incident, what its meeting closed without), of closed ones that everyone may see; one query."""
    rows = Omission.objects.exclude(postmortem__closed_at=None)
    rows = rows.filter(postmortem__incident__visibility=Incident.Visibility.OPEN)
    return rows.values_list("postmortem", "what")
