"""Every write to an incident: reporting, changing, milestones, people and impact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime
from typing import Any

from django.db import models, transaction

from followthrough.activity.operations import record
from followthrough.core.addresses import web_address
from followthrough.core.bulk_insert import bulk_insert
from followthrough.core.errors import DomainError
from followthrough.core.field_changes import (
    Changes,
    refuse_invalid,
    refuse_stale_version,
    set_fields,
    to_json_value,
)
from followthrough.core.times import is_zone, require_plausible
from followthrough.incidents.models import Impact, Incident, Involvement, Milestone, Service, Severity
from followthrough.incidents.operations.catalogue import refuse_too_many, seed_defaults, tags_named
from followthrough.incidents.operations.review import decide_review, require_review, skip_review
from followthrough.incidents.passages import RELATIONS
from followthrough.incidents.queries import names_of, search
from followthrough.people.models import Team, User

__all__ = [
    "change_impact",
    "change_incident",
    "involve",
    "log_milestone",
    "release",
    "report_incident",
    "require_review",
    "seed_defaults",
    "set_milestone",
    "skip_review",
]

Name, State, Status = Milestone.Name, Milestone.State, Incident.Status
FIELDS = (
    "title", "kind", "what_happened", "severity", "visibility", "zone", "detected_by", "customer_impact",
    "data_lost", "source_title", "source_url",
)  # fmt: skip
SETS = ("services", "teams", "tags", "named_people")
IMPACT_FIELDS = {field.name for field in Impact._meta.concrete_fields} - {"incident", "version"}
RULE_FACTS = {"severity", "kind", "detected_by", "customer_impact", "data_lost", "began_at", "ended_at"}
COUNTERPARTS = {Name.STARTED: Name.ACTUAL_START, Name.RESOLVED: Name.ACTUAL_END}


@transaction.atomic
def report_incident(  # noqa: PLR0913 - one keyword per fact of the record
    *,
    title: str,
    severity: Severity,
    began_at: datetime,
    by: User | None,
    kind: str = Incident.Kind.OUTAGE,
    zone: str = "UTC",
    what_happened: str = "",
    services: Iterable[Service] = (),
    teams: Iterable[Team] = (),
    tags: Iterable[str] = (),
    visibility: str = Incident.Visibility.OPEN,
    named_people: Iterable[User] = (),
    detected_by: str = Incident.DetectedBy.NOT_KNOWN,
    customer_impact: str = Incident.CustomerImpact.NONE,
    data_lost: bool = False,
    milestones: Mapping[str, datetime | str] | None = None,
    external_id: str | None = None,
    source_title: str = "",
    source_url: str = "",
) -> Incident:
    """Records a new incident; `milestones` is {name: moment, or a state such as "not_known"}.

    Whoever reports a restricted one stays named on it. If it is over already, the rules decide its review.
    """
    began_at = require_plausible(began_at, field="began_at")
    incident = Incident(
        title=title.strip(), kind=kind, severity=severity, began_at=began_at, zone=zone,
        what_happened=what_happened, visibility=visibility, detected_by=detected_by,
        customer_impact=customer_impact, data_lost=data_lost, external_id=external_id or None,
        source_title=source_title, source_url=source_url, created_by=by,
    )  # fmt: skip
    _refuse_invalid(incident, (*FIELDS, "began_at", "external_id"))
    given = {_start_of(incident): began_at, **(milestones or {})}
    rows = [_milestone(incident, name, said) for name, said in given.items()]
    _settle(incident, rows)
    _insert(incident, rows)
    reporter = {by} if by and visibility == Incident.Visibility.RESTRICTED else set()
    people = {*named_people, *reporter}
    _relate(incident, services=services, teams=teams, tags=tags_named(tags), named_people=people)
    record(incident, "added", by=by)
    if incident.status == Status.RESOLVED:
        record(incident, "resolved", by=by)
        decide_review(incident, by=by)
    return incident


def _insert(incident: Incident, rows: list[Milestone]) -> None:
    incident.save()
    for row in rows:
        row.incident = incident
    bulk_insert(rows)


@transaction.atomic
def change_incident(incident: Incident, *, by: User, base: int | None = None, **fields: Any) -> Incident:
    """Sets any of FIELDS and SETS (`tags` as plain words); Conflict if `base` is not the current version.

    Who restricts it, and who reported it, stay named on it.
    """
    if unknown := fields.keys() - {*FIELDS, *SETS}:
        raise TypeError(f"An incident has no field {', '.join(sorted(unknown))} that may be changed.")
    _lock(incident)
    refuse_stale_version(incident, base, [name for name in fields if name in FIELDS])
    before = incident.severity, incident.is_outage
    changes = set_fields(incident, {name: value for name, value in fields.items() if name in FIELDS})
    _refuse_invalid(incident, changes)
    if "severity" in changes:
        changes["severity"] = [before[0].name, incident.severity.name]
    if before[1] != incident.is_outage:
        _carry_milestones_over(incident)
    sets = {name: value for name, value in fields.items() if name in SETS}
    decides_who_sees_it = bool({"visibility", "named_people"} & (changes.keys() | sets.keys()))
    if decides_who_sees_it and incident.visibility == Incident.Visibility.RESTRICTED:
        sets["named_people"] = _kept_in_sight(incident, sets, by=by)
    changes |= _set_relations(incident, sets)
    _save(incident, changes, by=by)
    return incident


@transaction.atomic
def set_milestone(
    incident: Incident, name: str, *, by: User | None, at: datetime | None = None, state: str | None = None
) -> Incident:
    """Sets one milestone to a moment, or to "not_known" or "does_not_apply"; with neither it is cleared.

    Beginning, end and status of the incident follow; once it is over the rules decide its review.
    """
    _lock(incident)
    before = incident.milestones.filter(name=name).first()
    said = at or (state if state != State.KNOWN else None)
    if said is None:
        incident.milestones.filter(name=name).delete()
    else:
        row = _milestone(incident, name, said)
        Milestone.objects.update_or_create(
            incident=incident, name=name, defaults={"state": row.state, "at": row.at}
        )
    after = incident.milestones.filter(name=name).first()
    if _told(before) != _told(after):
        _save(incident, {name: [_told(before), _told(after)]}, by=by)
    return incident


def log_milestone(incident: Incident, name: str, said: datetime | str | None, *, by: User) -> Incident:
    """The same from one value: a moment, a state, or None to clear it."""
    if isinstance(said, datetime):
        return set_milestone(incident, name, at=said, by=by)
    return set_milestone(incident, name, state=said, by=by)


@transaction.atomic
def involve(incident: Incident, person: User, *, role: str, by: User) -> Involvement:
    """Gives `person` a role in the incident; giving it twice changes nothing."""
    if role not in Involvement.Role.values:
        raise DomainError("Choose one of the roles in the list.", field="role")
    if not person.is_active:
        raise DomainError(f"{person} has no active account. Choose somebody else.", field="person")
    involvement, is_new = Involvement.objects.get_or_create(incident=incident, person=person, role=role)
    if is_new:
        record(involvement, "added", by=by)
    return involvement


@transaction.atomic
def release(involvement: Involvement, *, by: User) -> None:
    """Takes the role away again."""
    gone = copy(involvement)
    involvement.delete()
    record(gone, "removed", by=by)


def refuse_unknown(names: Iterable[str]) -> None:
    """DomainError for names that are no fields of the impact: only those may reach `change_impact`."""
    if unknown := set(names) - IMPACT_FIELDS:
        raise DomainError(f"Impact has no field called {', '.join(sorted(unknown))}.")


@transaction.atomic
def change_impact(incident: Incident, *, by: User, base: int | None = None, **fields: Any) -> Impact:
    """Sets fields of the impact; `estimates` lists the names of those that are estimates."""
    Impact.objects.get_or_create(incident=incident)
    impact = Impact.objects.select_for_update().get(incident=incident)
    refuse_unknown(fields)
    refuse_stale_version(impact, base, fields)
    changes = set_fields(impact, fields)
    if changes:
        refuse_invalid(impact, changes)
        if (impact.share_of_requests or 0) > 100:
            raise DomainError("No more than 100 % of requests can fail.", field="share_of_requests")
        impact.version += 1
        impact.save(update_fields=[*changes, "version"])
        record(impact, "changed", by=by, changes=changes)
    return impact


def _lock(incident: Incident) -> None:
    incident.refresh_from_db(from_queryset=Incident.objects.select_for_update(of=("self",)))


def _refuse_invalid(incident: Incident, names: Iterable[str]) -> None:
    refuse_invalid(incident, names)
    if "source_url" in set(names) and incident.source_url:
        web_address(incident.source_url, field="source_url")
    if not is_zone(incident.zone):
        raise DomainError("Choose a time zone from the list.", field="zone")


def _start_of(incident: Incident) -> str:
    return Name.STARTED if incident.is_outage else Name.ACTUAL_START


def _milestone(incident: Incident, name: str, said: datetime | str) -> Milestone:
    if name not in names_of(incident):
        kind = Incident.Kind(incident.kind).label.lower()
        raise DomainError(f"This {kind} has no milestone called “{name.replace('_', ' ')}”.", field=name)
    if isinstance(said, datetime):
        return Milestone(
            incident=incident, name=name, at=require_plausible(said, field=name), state=State.KNOWN
        )
    if said not in {State.NOT_KNOWN, State.DOES_NOT_APPLY}:
        raise DomainError("Give a time, or say “not known” or “does not apply”.", field=name)
    return Milestone(incident=incident, name=name, at=None, state=said)


def _told(row: Milestone | None) -> str | None:
    """What the log says of a milestone: its moment, its state, or None before it is reached."""
    return None if row is None else to_json_value(row.at) or row.state


def _settle(incident: Incident, rows: Iterable[Milestone]) -> Changes:
    """Lets beginning, end and status follow the milestones."""
    reached = {row.name: row for row in rows if row.name in names_of(incident)}
    known = {name: row.at for name, row in reached.items() if row.at}
    end = Name.RESOLVED if incident.is_outage else Name.ACTUAL_END
    began = (
        known.get(_start_of(incident)) or known.get(Name.PLANNED_START) or min(known.values(), default=None)
    )
    status = Status.OPEN
    if end in reached:
        status = Status.RESOLVED
    elif Name.MITIGATED in reached:
        status = Status.MITIGATED
    return set_fields(
        incident, {"began_at": began or incident.began_at, "ended_at": known.get(end), "status": status}
    )


def _carry_milestones_over(incident: Incident) -> None:
    """When an outage becomes another event, or the reverse, its beginning and end keep their times."""
    here, there = COUNTERPARTS.keys(), COUNTERPARTS.values()
    pairs = zip(there, here, strict=True) if incident.is_outage else zip(here, there, strict=True)
    for old, new in pairs:
        if not incident.milestones.filter(name=new).exists():
            incident.milestones.filter(name=old).update(name=new)


def _relate(incident: Incident, **relations: Iterable[models.Model]) -> None:
    """Links a new incident, and writes what is searched of it."""
    chosen = {name: list(records) for name, records in relations.items()}
    for name, records in chosen.items():
        refuse_too_many(records, field=name)
        if records:
            getattr(incident, name).add(*records)
    search.index_new(incident, [str(row) for name in RELATIONS for row in chosen[name]])


def _kept_in_sight(incident: Incident, sets: Mapping[str, Iterable[Any]], *, by: User) -> set[User]:
    """Who is named, with the person who restricts the incident, and with its reporter."""
    reporter = {incident.created_by} if incident.created_by else set()
    return {*sets.get("named_people", incident.named_people.all()), by, *reporter}


def _set_relations(incident: Incident, values: Mapping[str, Iterable[Any]]) -> Changes:
    changes: Changes = {}
    for name, given in values.items():
        chosen = tags_named(given) if name == "tags" else list(given)
        refuse_too_many(chosen, field=name)
        relation = getattr(incident, name)
        before = list(relation.all())
        if set(before) != set(chosen):
            relation.set(chosen)
            changes[name] = [sorted(map(str, before)), sorted(map(str, chosen))]
    return changes


def _written(incident: Incident) -> set[str]:
    return {field.name for field in incident._meta.concrete_fields}


def _save(incident: Incident, changes: Changes, *, by: User | None) -> None:
    was_over = incident.status == Status.RESOLVED
    changes |= _settle(incident, incident.milestones.all())
    if not changes:
        return
    incident.version += 1
    incident.save(update_fields=[*(_written(incident) & changes.keys()), "version"])
    search.index([incident])
    record(incident, "changed", by=by, changes=changes)
    is_over = incident.status == Status.RESOLVED
    if is_over != was_over:
        record(incident, "resolved" if is_over else "reopened", by=by)
    if is_over and (not was_over or RULE_FACTS & changes.keys()):
        decide_review(incident, by=by)
