"""Occurrences in an incident: which service, category and mechanism, as confirmed findings, tags and milestones say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import product

from followthrough.causes.models import Cause, Finding
from followthrough.facts import queries as facts
from followthrough.facts.models import Mechanism, Occurrence
from followthrough.facts.operations import aggregates
from followthrough.incidents.models import Incident

Row = tuple[int, int | None, str, str, int | None]
"""(incident, service, category, mechanism, tag)"""

_MECHANISMS = {
    Finding.Kind.ROOT_CAUSE: Mechanism.CAUSE,
    Finding.Kind.CONTRIBUTING_FACTOR: Mechanism.CAUSE,
    Finding.Kind.TRIGGER: Mechanism.TRIGGER,
    Finding.Kind.DETECTION_GAP: Mechanism.DETECTION_GAP,
    Finding.Kind.HANDOFF_GAP: Mechanism.HANDOFF_GAP,
}


def refresh_occurrences(keys: Collection[int]) -> None:
    """Writes the occurrences of these incidents, restricted ones left out."""
    wanted = dict(_occurrences(keys))
    for row in Occurrence.objects.filter(incident__in=keys):
        key = (row.incident_id, row.service_id, row.category, row.mechanism, row.tag_id)
        new = wanted.get(key)
        if new and (new.began_at, new.minutes) == (row.began_at, row.minutes):
            del wanted[key]
        else:
            row.delete()
    Occurrence.objects.bulk_create(wanted.values())


def _occurrences(keys: Collection[int]) -> Iterator[tuple[Row, Occurrence]]:
    rows = Incident.objects.filter(pk__in=keys, visibility=Incident.Visibility.OPEN)
    rows = rows.exclude(began_at=Incident.UNDATED).defer("what_happened")
    confirmed, usual = _confirmed(keys), facts.usual_stages()
    for incident in rows.prefetch_related("services", "tags", "milestones"):
        found = {*_struck(incident, confirmed[incident.pk]), *_slow(incident, usual)}
        for service, category, mechanism, tag in found:
            occurrence = Occurrence(
                incident=incident,
                service_id=service,
                category=category,
                mechanism=mechanism,
                tag_id=tag,
                began_at=incident.began_at,
                minutes=_minutes(incident),
            )
            yield (incident.pk, service, category, mechanism, tag), occurrence


def _struck(
    incident: Incident, confirmed: Collection[tuple[str, Mechanism]]
) -> Iterator[tuple[int | None, str, str, int | None]]:
    tags: list[int | None] = [tag.pk for tag in incident.tags.all()]
    services: list[int | None] = [service.pk for service in incident.services.all()]
    for category, mechanism in confirmed:
        carrying = (tags or [None]) if mechanism == Mechanism.CAUSE else [None]
        is_anywhere = mechanism == Mechanism.HANDOFF_GAP or (
            tags and mechanism == Mechanism.CAUSE and not services
        )
        where = [None] if is_anywhere else services
        for service, tag in product(where, carrying):
            yield service, category, mechanism, tag
    if Mechanism.CAUSE not in {mechanism for _, mechanism in confirmed}:
        for service, tag in product(services or [None], tags):
            yield service, "", Mechanism.CAUSE, tag


def _slow(incident: Incident, usual: dict[str, float]) -> Iterator[tuple[int | None, str, str, int | None]]:
    for stage, minutes in aggregates.stages_of(incident).items():
        if minutes >= aggregates.SLOW_FACTOR * usual.get(stage, float("inf")) and minutes >= aggregates.LONG:
            for service in incident.services.all():
                yield service.pk, "", Mechanism(f"slow_to_{stage}"), None


def _minutes(incident: Incident) -> int:
    """Of impact; other events than outages have none."""
    lasted = incident.duration
    return max(0, int(lasted.total_seconds() // 60)) if lasted and incident.is_outage else 0


def _confirmed(keys: Collection[int]) -> dict[int, set[tuple[str, Mechanism]]]:
    """{incident: (kind of cause, mechanism) that its findings confirm}; only a gap may do without a cause."""
    findings = Finding.objects.filter(postmortem__in=keys, removed_at=None, kind__in=_MECHANISMS)
    found: dict[int, set[tuple[str, Mechanism]]] = defaultdict(set)
    for finding in findings.select_related("cause"):
        mechanism, category = _MECHANISMS[Finding.Kind(finding.kind)], _category(finding.cause)
        if category or mechanism in {Mechanism.DETECTION_GAP, Mechanism.HANDOFF_GAP}:
            found[finding.postmortem_id].add((category, mechanism))
    return found


def _category(cause: Cause | None) -> str:
    return cause.category if cause and cause.removed_at is None else ""
