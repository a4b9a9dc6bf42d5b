"""The sample company's people, teams and services."""

from __future__ import annotations

from dataclasses import dataclass

from followthrough.incidents.models import Service, Severity
from followthrough.incidents.operations.catalogue import seed_defaults
from followthrough.people.models import Membership, Team, User
from followthrough.sample import material


@dataclass(frozen=True)
class Company:
    """Everything of the catalogue by its slug or name."""

    people: dict[str, User]
    teams: dict[str, Team]
    services: dict[str, Service]
    severities: dict[str, Severity]

    def members_of(self, team: str) -> list[User]:
        """People of a team who take part in incidents, its leads first."""
        rows = Membership.objects.filter(team=self.teams[team]).order_by("-leads", "person__pk")
        return [row.person for row in rows.select_related("person") if row.person.is_member]


def found_company() -> Company:
    """Makes the company, or finds what is there of it."""
    plan = material.organisation()
    seed_defaults()
    teams = {
        row.slug: Team.objects.get_or_create(slug=row.slug, defaults={"name": row.name, "what": row.what})[0]
        for row in plan.teams
    }
    people = {row.slug: _person(row, teams) for row in plan.people}
    services = {row.slug: _service(row, teams) for row in plan.services}
    for row in plan.services:
        services[row.slug].depends_on.set(services[slug] for slug in row.depends_on)
    return Company(people, teams, services, {row.name: row for row in Severity.objects.all()})


def _person(row: material.Person, teams: dict[str, Team]) -> User:
    person = User.objects.filter(email=row.email).first() or User.objects.create_user(
        row.email,
        name=row.name,
        title=row.title,
        role=row.role,
        zone=row.zone,
        work_starts=row.work_start,
        work_ends=row.work_end,
        willing_to_facilitate=row.willing_to_facilitate,
    )
    Membership.objects.get_or_create(person=person, team=teams[row.team], defaults={"leads": row.lead})
    return person


def _service(row: material.Service, teams: dict[str, Team]) -> Service:
    values = {
        "name": row.name,
        "what": row.what,
        "owner": teams[row.owner],
        "tier": row.tier,
        "objective": row.objective,
        "revenue_per_hour": row.revenue_per_hour,
    }
    return Service.objects.get_or_create(slug=row.slug, defaults=values)[0]
