"""Aggregates over all open incidents, cached so that pages need not count: by service, of the response, of fixes.

Restricted incidents are in none of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from followthrough.facts.models import Aggregate, IncidentMetrics, Outcome
from followthrough.facts.queries import YEAR
from followthrough.incidents.models import Incident, Service
from followthrough.people.models import Membership
from followthrough.statistics import distribution, period_comparison, rate_alarms, survival
from followthrough.timeline import analysis
from followthrough.timeline.models import Entry

COMPARED_SPAN = timedelta(days=rate_alarms.DAYS_RECENT + rate_alarms.DAYS_BEFORE)
STAGES = ("detect", "acknowledge", "mitigate", "resolve")
WHOLE = "whole"
"""From start to end, which is often all that is known."""
SLOW_FACTOR = 3
"""A stage is slow that took three times what is usual in the organisation,"""
LONG = 10
"""and ten minutes or more."""
MAX_INCIDENTS = 400
_TEAMS = 8
_ENDED = timedelta(days=30)
_SELDOM = timedelta(minutes=5)
_PENDING = "pending"


def refresh_aggregates() -> None:
    """Counts everything anew."""
    now = timezone.now()
    for key, count in (("services", services), ("response", response)):
        Aggregate.objects.update_or_create(key=key, defaults={"value": count(now)})
    refresh_fixes()


def refresh_aggregates_if_due(*, changed: bool) -> None:
    """Counts anew what has `changed`, now or since the last time, at most every few minutes: it looks at everything."""
    if changed:
        Aggregate.objects.get_or_create(key=_PENDING, defaults={"value": True})
    lately = Aggregate.objects.filter(key="response", made_at__gt=timezone.now() - _SELDOM)
    if Aggregate.objects.filter(key=_PENDING).exists() and not lately.exists():
        refresh_aggregates()
        Aggregate.objects.filter(key=_PENDING).delete()


def refresh_fixes() -> None:
    """Counts anew how long fixes held."""
    Aggregate.objects.update_or_create(key="fixes", defaults={"value": fixes(timezone.now())})


def months_of(moments: Iterable[datetime], now: datetime) -> list[int]:
    """How many fell into each of fifteen months, oldest first: three of the last 90 days, twelve of the 365 before."""
    counts = Counter(_month((now - moment) / timedelta(days=1)) for moment in moments)
    return [counts[month] for month in range(rate_alarms.BEFORE_MONTHS + rate_alarms.RECENT_MONTHS)]


def _month(days: float) -> int:
    if days < rate_alarms.DAYS_RECENT:
        return (
            rate_alarms.BEFORE_MONTHS
            + rate_alarms.RECENT_MONTHS
            - 1
            - int(days * rate_alarms.RECENT_MONTHS / rate_alarms.DAYS_RECENT)
        )
    return (
        rate_alarms.BEFORE_MONTHS
        - 1
        - int((days - rate_alarms.DAYS_RECENT) * rate_alarms.BEFORE_MONTHS / rate_alarms.DAYS_BEFORE)
    )


def services(now: datetime) -> dict[str, Any]:
    """{"rows": [service with its incidents of fifteen months and whether they are more than chance], "until": date},
    those that get worse on top, then the busiest.

    A record that ends a month ago or more is counted up to its end, as the months since may be missing and not calm.
    """
    last = _last_struck(now)
    is_old = last is not None and last < now - _ENDED
    now = last if last and is_old else now
    moments: dict[int, list[datetime]] = defaultdict(list)
    for service, began_at in _struck_services(now):
        moments[service].append(began_at)
    known = Service.objects.in_bulk(list(moments))
    months = {service: months_of(found, now) for service, found in moments.items()}
    rates = {service: rate_alarms.rate_of(row) for service, row in months.items()}
    raised = dict(zip(rates, rate_alarms.alarms([rate.p for rate in rates.values()]), strict=True))
    rows: list[dict[str, Any]] = [
        {
            "slug": known[service].slug,
            "name": known[service].name,
            "months": months[service],
            "year": sum(moment >= now - YEAR for moment in moments[service]),
            "rate": asdict(rate),
            "alarm": raised[service],
        }
        for service, rate in rates.items()
    ]
    busiest = sorted(rows, key=lambda row: (not row["alarm"], -row["year"], row["name"]))
    return {"rows": busiest, "until": now.isoformat() if is_old else None}


def _last_struck(now: datetime) -> datetime | None:
    rows = IncidentMetrics.objects.filter(began_at__lte=now).order_by("-began_at")
    return rows.values_list("began_at", flat=True).first()


def _struck_services(now: datetime) -> QuerySet[Any, tuple[int, datetime]]:
    rows = Incident.services.through._default_manager.filter(
        incident__visibility=Incident.Visibility.OPEN,
        incident__began_at__gt=now - COMPARED_SPAN,
        incident__began_at__lte=now,
    )
    return rows.values_list("service", "incident__began_at")


def stages_of(incident: Incident) -> dict[str, float]:
    """{stage: minutes} of an outage's known stages, from its milestones (wants them loaded)."""
    known = {row.name: row.at for row in incident.milestones.all() if row.at}
    if not incident.is_outage:
        return {}
    return {stage.name: stage.minutes for stage in analysis.stages(known) if stage.minutes is not None}


def response(now: datetime) -> dict[str, Any]:
    """What is usual of the response, where a service is slower, who hands on to whom, who notices."""
    by_service, lengths = _lengths(now)
    usual = {
        stage: middle.value
        for stage, values in lengths.items()
        if (middle := distribution.middle_of(values[:MAX_INCIDENTS]))
    }
    return {
        "usual": usual,
        "counts": {stage: len(values) for stage, values in lengths.items()},
        "slower": _slower(by_service, lengths),
        "often": [list(row) for row in _often_slow(by_service, lengths, usual)],
        "handoffs": _handoffs(now),
        "detection": _detection(now),
    }


def _lengths(now: datetime) -> tuple[dict[tuple[str, str], list[float]], dict[str, list[float]]]:
    """Minutes of the last twelve months' stages: ({(service, stage): values}, {stage: values}), the newest first."""
    rows = IncidentMetrics.objects.filter(began_at__gt=now - YEAR).order_by("-began_at")
    services = defaultdict(list)
    links = Incident.services.through._default_manager.filter(incident__metrics__began_at__gt=now - YEAR)
    for incident, service in links.values_list("incident", "service__name"):
        services[incident].append(service)
    by_service: dict[tuple[str, str], list[float]] = defaultdict(list)
    lengths: dict[str, list[float]] = defaultdict(list)
    for key, *marks in rows.values_list("pk", *STAGES):
        for stage, minutes in _between(marks):
            lengths[stage].append(minutes)
            for service in services[key]:
                by_service[service, stage].append(minutes)
    return by_service, lengths


def _between(marks: Sequence[float | None]) -> Iterator[tuple[str, float]]:
    """(stage, minutes) from minutes since the start at the end of each stage."""
    for stage, (earlier, later) in zip(STAGES, pairwise([0.0, *marks]), strict=True):
        if earlier is not None and later is not None and later >= earlier:
            yield stage, later - earlier
    if (end := marks[-1]) is not None:
        yield WHOLE, end


def _slower(
    by_service: dict[tuple[str, str], list[float]], lengths: dict[str, list[float]]
) -> list[dict[str, Any]]:
    """Stages that usually take longer in one service than elsewhere, beyond chance, the slowest first."""
    found: list[dict[str, Any]] = []
    for (service, stage), values in by_service.items():
        middle = distribution.middle_of(values[:MAX_INCIDENTS])
        others: list[float] = list((Counter(lengths[stage]) - Counter(values)).elements())
        elsewhere = distribution.middle_of(others[:MAX_INCIDENTS])
        if middle is None or elsewhere is None or middle.value <= elsewhere.value:
            continue
        p = period_comparison.differs(others[:MAX_INCIDENTS], values[:MAX_INCIDENTS])
        found.append(
            {"service": service, "stage": stage, "n": len(values), "p": p, "usual": elsewhere.value}
            | asdict(middle)
        )
    raised = rate_alarms.discoveries([row["p"] for row in found])
    kept = [row for row, q in zip(found, raised, strict=True) if q <= rate_alarms.FALSE_DISCOVERY_RATE]
    return sorted(kept, key=lambda row: -row["value"] / max(1.0, row["usual"]))


def _often_slow(
    by_service: dict[tuple[str, str], list[float]], lengths: dict[str, list[float]], usual: dict[str, float]
) -> list[tuple[str, str]]:
    """(service, stage) that is slow more often than elsewhere, beyond chance."""
    found = []
    for (service, stage), values in by_service.items():
        if stage == WHOLE:
            continue
        least = max(LONG, SLOW_FACTOR * usual.get(stage, float("inf")))
        slow, all_slow = (sum(value >= least for value in row) for row in (values, lengths[stage]))
        others = len(lengths[stage]) - len(values)
        p = period_comparison.shares_differ((all_slow - slow, others), (slow, len(values)))
        more = bool(others) and slow * others > (all_slow - slow) * len(values)
        found.append(((service, stage), p if more and slow >= rate_alarms.MIN_INCIDENTS else 1.0))
    raised = rate_alarms.alarms([p for _, p in found])
    return [name for (name, _), is_raised in zip(found, raised, strict=True) if is_raised]


def _handoffs(now: datetime) -> dict[str, Any]:
    """{"teams": names, "cells": [[from, to, handoffs, median minutes]], "n": handoffs, "incidents": n}."""
    waits: dict[tuple[str, str], list[float]] = defaultdict(list)
    incidents = set()
    for key, handoff in _handed_on(now):
        if handoff.from_team and handoff.to_team:
            waits[handoff.from_team, handoff.to_team].append(handoff.minutes or 0.0)
            incidents.add(key)
    busiest = Counter(team for pair, found in waits.items() for team in pair for _ in found).most_common(
        _TEAMS
    )
    teams = sorted(team for team, _ in busiest)
    cells = [
        [*pair, len(found), sorted(found)[len(found) // 2]]
        for pair, found in sorted(waits.items())
        if set(pair) <= set(teams)
    ]
    return {"teams": teams, "cells": cells, "n": sum(map(len, waits.values())), "incidents": len(incidents)}


def _handed_on(now: datetime) -> Iterable[tuple[int, analysis.Handoff]]:
    """The handoffs that somebody wrote down, with their incident."""
    written = Entry.objects.filter(
        removed_at=None,
        kind=Entry.Kind.HANDOFF,
        postmortem__incident__visibility=Incident.Visibility.OPEN,
        postmortem__incident__began_at__gt=now - YEAR,
    ).values("postmortem")
    rows = Entry.objects.filter(removed_at=None, postmortem__in=written).exclude(anonymous=True)
    teams = dict(Membership.objects.order_by("-team__name").values_list("person_id", "team__name"))
    moments: dict[int, list[analysis.Moment]] = defaultdict(list)
    for key, at, kind, author in rows.values_list("postmortem", "happened_at", "kind", "author"):
        moments[key].append(analysis.Moment(at, kind, "", teams.get(author or 0, "")))
    return [(key, one) for key, found in moments.items() for one in analysis.handoffs(found) if one.marked]


def _detection(now: datetime) -> dict[str, Any]:
    """Who noticed the incidents of twelve months: in all, and by service where customers did."""
    links = Incident.services.through._default_manager.filter(incident__metrics__began_at__gt=now - YEAR)
    by = Counter(links.values_list("service__name", "incident__detected_by"))
    whole = Counter(
        IncidentMetrics.objects.filter(began_at__gt=now - YEAR).values_list(
            "incident__detected_by", flat=True
        )
    )
    rows: list[tuple[str, int, int]] = []
    for service in {service for service, _ in by}:
        known = sum(by[service, who] for who in ("alert", "staff", "customer"))
        if by[service, "customer"]:
            rows.append((service, by[service, "customer"], known))
    return {"all": whole, "rows": sorted(rows, key=lambda row: (-row[1], row[0]))[:12]}


def fixes(now: datetime) -> dict[str, Any]:
    """How long fixes held: {"n", "failed", "curve": [[day, share, low, high, left]]}, by Kaplan and Meier."""
    judged = Outcome.objects.filter(finished_at__lte=now, held__isnull=False)
    spans = [
        _span(done, [when for when in ends if when], now)
        for done, *ends in judged.values_list("finished_at", "recurred_at", "action__failed_at")
        if done
    ]
    steps = survival.kaplan_meier((float(int(days)), failed) for days, failed in spans)
    return {
        "n": len(spans),
        "failed": sum(failed for _, failed in spans),
        "longest": max((days for days, _ in spans), default=0),
        "curve": [[step.day, step.share, step.low, step.high, step.left] for step in _thinned(steps)],
    }


def _span(done: datetime, ends: Sequence[datetime], now: datetime) -> tuple[float, bool]:
    """Days that a fix held for, and whether that is over: something of a kind struck, or somebody saw it fail."""
    until = min(ends, default=now)
    return max((until - done).total_seconds() / 86400, 0), bool(ends)


def _thinned(steps: Sequence[survival.Step], most: int = 120) -> list[survival.Step]:
    """As many as a drawing can show."""
    stride = max(1, len(steps) // most)
    return [*steps[::stride], *steps[-1:]] if stride > 1 else list(steps)
