"""Metrics of each incident and its review, one row an incident, for everything that counts over many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils import timezone

from followthrough.facts.models import IncidentMetrics, Mechanism, Occurrence
from followthrough.incidents.models import Impact, Incident, Milestone
from followthrough.postmortems.models import Omission, PostMortem, Promise

_Name = Milestone.Name
FIELDS = (
    "began_at", "detect", "acknowledge", "mitigate", "resolve", "reviewed_in_time", "summary_in_time", "facilitator",
    "cost", "has_cause",
)  # fmt: skip


def refresh_incident_metrics(keys: Collection[int]) -> None:
    """Writes the figures of these incidents, restricted and undated ones left out."""
    rows = Incident.objects.filter(pk__in=keys, visibility=Incident.Visibility.OPEN)
    incidents = list(
        rows.exclude(began_at=Incident.UNDATED).defer("what_happened").prefetch_related("milestones")
    )
    IncidentMetrics.objects.filter(pk__in=keys).exclude(pk__in=[row.pk for row in incidents]).delete()
    promises, costs = _promises(keys), _costs(keys)
    led, confirmed = _facilitators(keys), _with_cause(keys)
    IncidentMetrics.objects.bulk_create(
        [
            IncidentMetrics(
                incident=incident,
                began_at=_counted_at(incident),
                reviewed_in_time=promises[incident.pk].get(Promise.Kind.MEETING),
                summary_in_time=promises[incident.pk].get(Promise.Kind.SUMMARY),
                facilitator_id=led.get(incident.pk),
                cost=costs.get(incident.pk),
                has_cause=incident.pk in confirmed,
                **_stretches(incident),
            )
            for incident in incidents
        ],
        update_conflicts=True,
        unique_fields=["incident"],
        update_fields=FIELDS,
    )


def _counted_at(incident: Incident) -> datetime:
    """In which month it counts: an outage when it began, anything else when it ended."""
    return incident.began_at if incident.is_outage else incident.ended_at or incident.began_at


def _stretches(incident: Incident) -> dict[str, float | None]:
    """Minutes from the start to each milestone of an outage; None where one is not known or lies before the start."""
    known = {row.name: row.at for row in incident.milestones.all() if row.at}
    began = known.get(_Name.STARTED) if incident.is_outage else None
    return {
        "detect": _minutes(began, known.get(_Name.DETECTED)),
        "acknowledge": _minutes(began, known.get(_Name.ACKNOWLEDGED)),
        "mitigate": _minutes(began, known.get(_Name.MITIGATED)),
        "resolve": _minutes(began, known.get(_Name.RESOLVED)),
    }


def _minutes(began: datetime | None, ended: datetime | None) -> float | None:
    if began is None or ended is None or ended < began:
        return None
    return (ended - began).total_seconds() / 60


def _promises(keys: Collection[int]) -> dict[int, dict[str, bool | None]]:
    """{incident: {promise: whether it was kept in time, None while it still may be}}"""
    kept: dict[int, dict[str, bool | None]] = defaultdict(dict)
    now = timezone.now()
    for row in Promise.objects.filter(postmortem__in=keys, dropped_at=None):
        missed = False if row.due_at < now else None
        kept[row.postmortem_id][row.kind] = _in_time(row) if row.kept_at else missed
    for key in _empty(kept):
        judged = (kind for kind in (Promise.Kind.MEETING, Promise.Kind.SUMMARY) if kept[key].get(kind))
        kept[key] |= dict.fromkeys(judged, False)
    return kept


def _in_time(promise: Promise) -> bool:
    """Before it was due, and not before its window opened."""
    kept = promise.kept_at
    return kept is not None and (promise.opens_at or kept) <= kept <= promise.due_at


def _empty(keys: Iterable[int]) -> set[int]:
    """Those whose meeting closed with neither a finding nor an action: nothing was reviewed."""
    parts = (Omission.What.FINDINGS, Omission.What.ACTIONS)
    rows = Omission.objects.filter(postmortem__in=list(keys), what__in=parts)
    counted = Counter(rows.exclude(postmortem__closed_at=None).values_list("postmortem", flat=True))
    return {postmortem for postmortem, number in counted.items() if number == len(parts)}


def _costs(keys: Collection[int]) -> dict[int, float]:
    return {row.pk: cost for row in Impact.objects.filter(pk__in=keys) if (cost := _cost(row))}


def _cost(impact: Impact) -> float:
    """Lost revenue, other cost, and people times hours times the cost of an hour, as far as they are known."""
    people = (impact.people or 0) * float(impact.hours_each or 0) * float(impact.cost_per_hour or 0)
    return float(impact.revenue_lost or 0) + float(impact.cost or 0) + people


def _facilitators(keys: Collection[int]) -> dict[int, int]:
    """{incident: who led its meeting}, once it was held."""
    rows = PostMortem.objects.filter(pk__in=keys).exclude(facilitator=None).exclude(closed_at=None)
    return dict(rows.values_list("pk", "facilitator"))


def _with_cause(keys: Collection[int]) -> set[int]:
    rows = (
        Occurrence.objects.filter(incident__in=keys).exclude(category="").values_list("incident", "mechanism")
    )
    return {incident for incident, mechanism in rows if mechanism == Mechanism.CAUSE}
