"""The smallest true organisation a test needs; each call makes one thing more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.test import Client

from followthrough.incidents.models import Incident, Milestone, Service, Severity
from followthrough.people.models import Membership, Team, User
from followthrough.postmortems.models import Omission, PostMortem
from followthrough.postmortems.operations.omissions import explain_omission
from followthrough.timeline.models import Entry

_numbers = count(1)
BEGAN = datetime(2026, 11, 20, 14, 3, tzinfo=UTC)


def make_person(name: str = "", *, team: Team | None = None, leads: bool = False, **fields: Any) -> User:
    number = next(_numbers)
    name = name or f"Person {number}"
    email = fields.pop("email", f"{name.lower().replace(' ', '.')}.{number}@example.org")
    person = User.objects.create_user(email, fields.pop("password", None), name=name, **fields)
    if team:
        Membership.objects.create(person=person, team=team, leads=leads)
    return person


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def make_team(name: str = "") -> Team:
    name = name or f"Team {next(_numbers)}"
    return Team.objects.create(name=name, slug=name.lower().replace(" ", "-"))


def make_service(name: str = "", *, owner: Team | None = None, **fields: Any) -> Service:
    name = name or f"service-{next(_numbers)}"
    return Service.objects.create(name=name, slug=name, owner=owner, **fields)


def make_severity(name: str = "SEV2", **fields: Any) -> Severity:
    rank = int(name[-1])
    return Severity.objects.get_or_create(name=name, defaults={"rank": rank, **fields})[0]


def make_incident(title: str = "", *, minutes: int = 38, **fields: Any) -> Incident:
    """A resolved outage of `minutes`, with all its milestones."""
    began = fields.pop("began_at", BEGAN)
    fields.setdefault("severity", make_severity())
    fields.setdefault("status", Incident.Status.RESOLVED)
    ended = began + timedelta(minutes=minutes)
    incident = Incident.objects.create(
        title=title or f"Checkout returned 502 ({next(_numbers)})", began_at=began, ended_at=ended, **fields
    )
    share = {"started": 0.0, "detected": 0.2, "acknowledged": 0.3, "mitigated": 0.85, "resolved": 1.0}
    Milestone.objects.bulk_create(
        Milestone(incident=incident, name=name, at=began + part * (ended - began))
        for name, part in share.items()
    )
    return incident


def make_postmortem(incident: Incident | None = None, **fields: Any) -> PostMortem:
    return PostMortem.objects.create(incident=incident or make_incident(), **fields)


def explain_missing(postmortem: PostMortem, *, by: User) -> None:
    """Says why of everything that a meeting may close without."""
    for what in Omission.What.values:
        explain_omission(postmortem, what, reason="Taken over from the old tracker, which kept none", by=by)


def make_entry(
    postmortem: PostMortem, text: str = "Error rate passes 1 %", *, minute: float = 0, **fields: Any
) -> Entry:
    """An entry `minute` minutes after the incident began."""
    happened_at = postmortem.incident.began_at + timedelta(minutes=minute)
    return Entry.objects.create(postmortem=postmortem, text=text, happened_at=happened_at, **fields)
