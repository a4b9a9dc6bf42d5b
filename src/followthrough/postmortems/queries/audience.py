"""Who hears of what is due: the leads above its owner, those of the teams it concerns, administrators.

Only those who may see the incident. Everything is fetched for many incidents at once, when it is first asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import cached_property

from followthrough.incidents.models import Incident, Involvement, Service
from followthrough.people.models import Membership, User


class Audience:
    """For the people and incidents of one batch."""

    def __init__(self, people: Collection[User | None], incidents: Collection[Incident]) -> None:
        self._people = {person.pk for person in people if person}
        self._incidents = {incident.pk: incident for incident in incidents}

    def owners(self, person: User | None, incident: Incident) -> list[User]:
        """The person, if they are still here and may see it; else who leads."""
        if person and person.is_active and self.sees(person, incident):
            return [person]
        return self.leads(None, incident)

    def leads(self, person: User | None, incident: Incident) -> list[User]:
        """Leads of the person's teams, or else of the incident's, or else administrators; never the person."""
        above = (
            {lead for team in self._teams_of[person.pk] for lead in self._leads[team]} if person else set()
        )
        concerned = {lead for team in self._teams_concerned[incident.pk] for lead in self._leads[team]}
        for found in (above, concerned, set(self.administrators)):
            if fit := [lead for lead in found if lead != person and self.sees(lead, incident)]:
                return sorted(fit, key=lambda lead: lead.pk)
        return []

    def sees(self, person: User, incident: Incident) -> bool:
        """Whether a member may open the incident."""
        if incident.visibility == Incident.Visibility.OPEN:
            return person.is_member
        return person.is_administrator or (incident.pk, person.pk) in self._let_in

    @cached_property
    def administrators(self) -> list[User]:
        return list(User.objects.filter(is_active=True, role=User.Role.ADMINISTRATOR).order_by("pk"))

    @cached_property
    def _teams_of(self) -> dict[int, list[int]]:
        teams: dict[int, list[int]] = defaultdict(list)
        for person, team in Membership.objects.filter(person__in=self._people).values_list("person", "team"):
            teams[person].append(team)
        return teams

    @cached_property
    def _teams_concerned(self) -> dict[int, list[int]]:
        """By incident: the teams that own its services, or else its own."""
        services = Service.objects.filter(incidents__in=self._incidents).exclude(owner=None)
        through = Incident.teams.through._default_manager.filter(incident__in=self._incidents)
        teams: dict[int, list[int]] = defaultdict(list)
        for incident, team in services.order_by().values_list("incidents", "owner"):
            teams[incident].append(team)
        owned = set(teams)
        for incident, team in through.values_list("incident", "team"):
            if incident not in owned:
                teams[incident].append(team)
        return teams

    @cached_property
    def _leads(self) -> dict[int, list[User]]:
        leads: dict[int, list[User]] = defaultdict(list)
        rows = Membership.objects.filter(leads=True, person__is_active=True).select_related("person")
        for row in rows:
            leads[row.team_id].append(row.person)
        return leads

    @cached_property
    def _let_in(self) -> set[tuple[int, int]]:
        """(incident, person) of who is named on a restricted one or took part in it."""
        restricted = [pk for pk, row in self._incidents.items() if row.visibility != Incident.Visibility.OPEN]
        named = Incident.named_people.through._default_manager.filter(incident__in=restricted)
        involved = Involvement.objects.filter(incident__in=restricted)
        return {*named.values_list("incident", "user"), *involved.values_list("incident", "person")}
