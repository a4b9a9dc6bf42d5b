"""Incidents for programs, through the same lookups and operations as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.http import QueryDict
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from followthrough.core.errors import DomainError
from followthrough.incidents import closings, operations, queries
from followthrough.incidents.forms.filters import IncidentFilters
from followthrough.incidents.models import Incident, Service, Severity
from followthrough.incidents.publications import Publication, publications_of
from followthrough.incidents.queries import external_ids, search
from followthrough.people.access import PersonRequest
from followthrough.people.api import acting_member
from followthrough.people.models import Team, User

PAGE_SIZE = 50
_OF_THE_RECORD = ("q", "service", "team", "tag", "kind", "review")
router = Router(tags=["Incidents"])


class MilestoneIn(Schema):
    """A moment with its zone; or a state where there is none."""

    at: AwareDatetime | None = None
    state: Literal["not_known", "does_not_apply"] | None = None


class MilestoneOut(Schema):
    state: str
    at: datetime | None


class IncidentOut(Schema):
    """An incident as everyone who may see it sees it. Times are UTC; `lasted_seconds` is null until it is over.

    `closed_without` names what its post-mortem closed without: timeline, causes, findings, actions, facilitator.
    """

    key: str
    title: str
    kind: str
    severity: str
    status: str
    visibility: str
    zone: str
    what_happened: str
    began_at: datetime | None
    ended_at: datetime | None
    lasted_seconds: float | None
    detected_by: str
    customer_impact: str
    data_lost: bool
    review: str
    review_reason: str
    closed_without: list[str]
    services: list[str]
    teams: list[str]
    tags: list[str]
    milestones: dict[str, MilestoneOut]
    source_title: str
    source_url: str
    external_id: str | None
    version: int


class PublishedOut(Schema):
    """An incident as a stakeholder sees it: what was published of it, and its status. `text` is Markdown."""

    key: str
    title: str
    kind: str
    severity: str
    status: str
    zone: str
    began_at: datetime | None
    ended_at: datetime | None
    lasted_seconds: float | None
    services: list[str]
    teams: list[str]
    closed_without: list[str]
    text: str


class IncidentQuery(Schema):
    """Every filter is optional; services and teams by the last part of their page's address, days as 2026-11-20."""

    q: str = ""
    status: str = ""
    severity: str = ""
    service: str = ""
    team: str = ""
    tag: str = ""
    kind: str = ""
    review: str = ""
    since: str = ""
    until: str = ""
    sort: str = ""
    after: str = ""


class IncidentPage(Schema):
    """`after` leads on to older ones; it is empty on the last page."""

    incidents: list[IncidentOut] | list[PublishedOut]
    after: str


class IncidentFacts(Schema):
    """What may be changed. Severity by its name; services, teams by name; tags are plain words."""

    title: str | None = Field(None, max_length=200)
    kind: Literal["outage", "failed_deployment", "missed_deadline", "project_end", "launch"] | None = None
    severity: str | None = None
    what_happened: str | None = None
    zone: str | None = None
    detected_by: Literal["alert", "staff", "customer", "not_known"] | None = None
    customer_impact: Literal["none", "some", "many"] | None = None
    data_lost: bool | None = None
    services: list[str] | None = None
    teams: list[str] | None = None
    tags: list[str] | None = None
    source_title: str | None = Field(None, max_length=200)
    source_url: str | None = Field(None, max_length=500)


class IncidentIn(IncidentFacts):
    """A new incident. With `external_id`, sending it again answers with the one that is there."""

    title: str = Field(max_length=200)
    severity: str
    began_at: AwareDatetime
    milestones: dict[str, MilestoneIn] = {}
    external_id: str | None = Field(None, max_length=150)


class IncidentChange(IncidentFacts):
    """Only what is given changes. `base` is the version that was read: if it is stale the answer is 409."""

    base: int | None = None


class Problem(Schema):
    """What happened and what to do; `current` holds how things stand after a conflict."""

    message: str
    field: str | None = None
    current: dict[str, Any] = {}


@router.get("/", response=IncidentPage, summary="List and search")
def list_incidents(request: PersonRequest, query: Query[IncidentQuery]) -> dict[str, Any]:
    """50 at a time, newest first unless `sort` says otherwise; the filters of the list page. Stakeholders narrow by
    status, severity and days alone, as a search of the live record would tell what stands in it."""
    if not request.user.is_member:
        _refuse_searching(query)
    address = QueryDict(mutable=True)
    address.update(query.dict(exclude={"after"}))
    filters = IncidentFilters(address)
    if filters.errors:
        field, problems = next(iter(filters.errors.items()))
        raise DomainError(f"{field}: {problems[0]}", field=field)
    page = filters.page(queries.visible_to(request.user), size=PAGE_SIZE, after=query.after)
    return {"incidents": _seen_by(request.user, page.rows), "after": page.after}


@router.post("/", response={201: IncidentOut, 200: IncidentOut, 422: Problem}, summary="Report one")
def report_incident(request: PersonRequest, body: IncidentIn) -> Status[dict[str, Any]]:
    """201 with the new incident; 200 with the one that has this `external_id` already."""
    person = acting_member(request)
    try:
        return _report_once(person, body)
    except IntegrityError:  # the same was sent twice at the same moment, and the other came first
        return _report_once(person, body)


@transaction.atomic
def _report_once(person: User, body: IncidentIn) -> Status[dict[str, Any]]:
    key = external_ids.as_stored(f"api:{body.external_id}") if body.external_id else None
    known = external_ids.known_to(person, [key]) if key else {}
    if key in known:
        return Status(200, _shown([known[key]])[0])
    milestones = {name: said for name, row in body.milestones.items() if (said := row.at or row.state)}
    incident = operations.report_incident(
        **_facts(body),
        began_at=body.began_at,
        milestones=milestones,
        external_id=_free_name(person, key),
        by=person,
    )
    return Status(201, _shown([incident])[0])


@router.get("/{key}/", response={200: IncidentOut | PublishedOut, 404: Problem}, summary="Read one")
def read_incident(request: PersonRequest, key: str) -> dict[str, Any]:
    """The incident with this key, such as INC-148."""
    return _seen_by(request.user, [_find(request, key)])[0]


@router.patch("/{key}/", response={200: IncidentOut, 404: Problem, 409: Problem}, summary="Change one")
def change_incident(request: PersonRequest, key: str, body: IncidentChange) -> dict[str, Any]:
    """Sets what the body gives."""
    person, incident = acting_member(request), _find(request, key)
    operations.change_incident(incident, by=person, base=body.base, **_facts(body))
    return _shown([incident])[0]


@router.put("/{key}/milestones/{name}/", response={200: IncidentOut, 404: Problem}, summary="Set a milestone")
def set_milestone(request: PersonRequest, key: str, name: str, body: MilestoneIn) -> dict[str, Any]:
    """A time, or why there is none; neither clears it. Beginning, end and status follow."""
    person, incident = acting_member(request), _find(request, key)
    operations.set_milestone(incident, name, at=body.at, state=body.state, by=person)
    return _shown([incident])[0]


def _free_name(person: User, key: str | None) -> str | None:
    return external_ids.free_names(person, [key])[key] if key else None


def _find(request: PersonRequest, key: str) -> Incident:
    return queries.find(request.user, search.key_in(key) or 0)


def _facts(body: IncidentFacts) -> dict[str, Any]:
    """The given facts as operations take them: records for names."""
    left_out = {"began_at", "milestones", "external_id", "base"}
    given = {name: value for name, value in body.dict(exclude_unset=True).items() if name not in left_out}
    given = {name: value for name, value in given.items() if value is not None}
    if "severity" in given:
        given["severity"] = _named(Severity.objects.all(), [given["severity"]], "severity")[0]
    if "services" in given:
        given["services"] = _named(Service.objects.all(), given["services"], "services")
    if "teams" in given:
        given["teams"] = _named(Team.objects.all(), given["teams"], "teams")
    return given


def _named(rows: QuerySet[Any], names: list[str], field: str) -> list[Any]:
    known = {row.name.lower(): row for row in rows}
    unknown = [name for name in names if name.lower() not in known]
    if unknown:
        raise DomainError(f"There is nothing called {', '.join(unknown)} here.", field=field)
    return [known[name.lower()] for name in names]


def _refuse_searching(query: IncidentQuery) -> None:
    for name in _OF_THE_RECORD:
        if getattr(query, name):
            raise DomainError("A stakeholder narrows by status, severity, since and until alone.", field=name)


def _seen_by(person: User, incidents: list[Incident]) -> list[dict[str, Any]]:
    if person.is_member:
        return _shown(incidents)
    published = publications_of(incidents)
    return [_published(incident, published[incident.pk]) for incident in incidents]


def _published(incident: Incident, said: Publication) -> dict[str, Any]:
    plain = ("title", "kind", "severity", "zone", "ended_at", "services", "teams", "text")
    return {name: getattr(said, name) for name in plain} | {
        "key": incident.key,
        "status": incident.status,
        "closed_without": list(said.missing),
        "began_at": said.began_at if incident.is_dated else None,
        "lasted_seconds": said.lasted.total_seconds() if said.lasted is not None else None,
    }


def _shown(incidents: list[Incident]) -> list[dict[str, Any]]:
    prefetch_related_objects(incidents, "severity", "services", "teams", "tags", "milestones")
    missing = closings.missing_of([incident.pk for incident in incidents])
    return [_one(incident) | {"closed_without": missing.get(incident.pk, [])} for incident in incidents]


def _one(incident: Incident) -> dict[str, Any]:
    plain = (
        "key", "title", "kind", "status", "visibility", "zone", "what_happened", "ended_at", "detected_by",
        "customer_impact", "data_lost", "review", "review_reason", "source_title", "source_url", "version",
    )  # fmt: skip
    return {name: getattr(incident, name) for name in plain} | {
        "external_id": external_ids.as_given(incident.external_id),
        "severity": incident.severity.name,
        "began_at": incident.began_at if incident.is_dated else None,
        "lasted_seconds": incident.duration.total_seconds() if incident.duration is not None else None,
        "services": [row.name for row in incident.services.all()],
        "teams": [row.name for row in incident.teams.all()],
        "tags": [row.name for row in incident.tags.all()],
        "milestones": {row.name: {"state": row.state, "at": row.at} for row in incident.milestones.all()},
    }
