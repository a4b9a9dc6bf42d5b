"""Bulk writes of imported drafts: incidents, milestones, links, search text and their place in the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from django.utils import timezone

from followthrough.activity.operations import record_new
from followthrough.core.slugs import free_slug
from followthrough.incidents.imports.incident_drafts import Draft
from followthrough.incidents.models import Incident, Involvement, Milestone, Service, Severity, Tag
from followthrough.incidents.operations.review import decide_review
from followthrough.incidents.queries import search
from followthrough.people.models import Team, User

Name, State = Milestone.Name, Milestone.State
IMPORTED = "It was imported from earlier records."
NEW_SERVICE_TIER = 3


@dataclass
class Names:
    """The organisation's severities, services, teams and tags by their small-letter names."""

    severities: dict[int, Severity]
    services: dict[str, Service]
    teams: dict[str, Team]
    tags: dict[str, Tag]
    people: dict[str, User] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)

    @classmethod
    def load(cls) -> Self:
        return cls(
            severities={row.rank: row for row in Severity.objects.all()},
            services={row.name.lower(): row for row in Service.objects.all()},
            teams={row.name.lower(): row for row in Team.objects.all()},
            tags={row.name: row for row in Tag.objects.all()},
        )

    def severity(self, rank: int | None) -> Severity:
        """The severity of that rank or the next gentler one; the usual (third) when it is not known."""
        wanted = 3 if rank is None else rank
        return self.severities[min(self.severities, key=lambda known: (abs(known - wanted), known))]

    def note_unknown(self, drafts: list[Draft]) -> None:
        """Says of each draft which teams and people it names that are not here; they are left out of it.

        Who is called as an owner and is a team stands among its teams.
        """
        self._find_people({name.lower() for row in drafts for name in row.leads})
        for row in drafts:
            row.teams += [name for name in row.leads if self._is_team(name) and name not in row.teams]
            row.leads = [name for name in row.leads if not self._is_team(name)]
            for name in row.teams:
                if not self._is_team(name):
                    row.left_out.append(f"“{name}” is no team here; it is left out.")
            for name in row.leads:
                if name.lower() not in self.people:
                    row.left_out.append(
                        f"nobody here is called “{name}”, so its incident commander is left out."
                    )

    def _is_team(self, name: str) -> bool:
        return name.lower() in self.teams

    def _find_people(self, wanted: set[str]) -> None:
        """Active people by name or address; a name that two have is nobody's."""
        if not wanted:
            return
        if not self.people:
            everybody = list(User.objects.filter(is_active=True))
            named = Counter(person.name.lower() for person in everybody)
            self.people = {
                person.name.lower(): person for person in everybody if named[person.name.lower()] == 1
            }
            self.people |= {person.email: person for person in everybody}

    def note(self, drafts: Iterable[Draft]) -> list[str]:
        """The services so far that would be new."""
        known = {*self.services, *(name.lower() for name in self.added)}
        for name in (name for row in drafts for name in row.services):
            if name.lower() not in known:
                known.add(name.lower())
                self.added.append(name)
        return self.added

    def make_missing(self, drafts: list[Draft]) -> None:
        """Adds the services and tags that the drafts name and nobody has yet."""
        fresh = [name for name in self.note(drafts) if name.lower() not in self.services]
        slugs = {"new", *Service.objects.values_list("slug", flat=True)}
        services = []
        for name in fresh:
            slug = free_slug(name, taken=slugs, otherwise="service")
            slugs.add(slug)
            services.append(Service(name=name, slug=slug, tier=NEW_SERVICE_TIER))
        for service in Service.objects.bulk_create(services):
            self.services[service.name.lower()] = service
        missing = dict.fromkeys(tag for row in drafts for tag in row.tags if tag not in self.tags)
        for tag in Tag.objects.bulk_create(Tag(name=name) for name in missing):
            self.tags[tag.name] = tag


def write(drafts: list[Draft], *, names: Names, zone: str, by: User | None) -> None:
    """Creates the incidents of `drafts`. Only those whose window is still open are put before the review rules."""
    names.make_missing(drafts)
    incidents = Incident.objects.bulk_create([_incident(row, names, zone, by) for row in drafts])
    pairs = list(zip(incidents, drafts, strict=True))
    Milestone.objects.bulk_create(row for incident, said in pairs for row in _milestones(incident, said))
    _link(
        Incident.services.through,
        "service_id",
        [(i, names.services[n.lower()]) for i, d in pairs for n in d.services],
    )
    _link(
        Incident.teams.through,
        "team_id",
        [(i, t) for i, d in pairs for n in d.teams if (t := names.teams.get(n.lower()))],
    )
    Involvement.objects.bulk_create(
        Involvement(incident=incident, person=person, role=Involvement.Role.COMMANDER)
        for incident, said in pairs
        for person in dict.fromkeys(names.people[n.lower()] for n in said.leads if n.lower() in names.people)
    )
    _link(Incident.tags.through, "tag_id", [(i, names.tags[n]) for i, d in pairs for n in d.tags])
    search.index(incidents)
    record_new(incidents, by=by)
    for incident in incidents:
        if incident.status == Incident.Status.RESOLVED and incident.review == Incident.Review.UNDECIDED:
            decide_review(incident, by=by)
    for incident, said in pairs:
        if said.parts:
            said.parts.write(incident, by)


def _incident(said: Draft, names: Names, zone: str, by: User | None) -> Incident:
    severity = names.severity(said.rank)
    ended = said.moments.get(Name.RESOLVED)
    began = said.moments.get(Name.STARTED) or min(said.moments.values(), default=Incident.UNDATED)
    closed = timezone.now() - timedelta(hours=severity.window_closes_hours)
    is_past = said.is_over and (ended or began) < closed
    return Incident(
        title=said.title,
        kind=said.kind,
        what_happened=said.what_happened,
        severity=severity,
        status=Incident.Status.RESOLVED if said.is_over else Incident.Status.OPEN,
        zone=zone,
        began_at=began,
        ended_at=ended,
        review=Incident.Review.EARLIER if is_past else Incident.Review.UNDECIDED,
        review_reason=IMPORTED if is_past else "",
        source_title=said.source_title,
        source_url=said.source_url,
        external_id=said.external_id,
        created_by=by,
    )


def _milestones(incident: Incident, said: Draft) -> list[Milestone]:
    """What is known, and "not known" for the beginning and end that must have been."""
    names = dict(zip((Name.STARTED, Name.RESOLVED), _ends(incident), strict=True))
    rows = [
        Milestone(incident=incident, name=names.get(Name(name), name), at=at)
        for name, at in said.moments.items()
        if incident.is_outage or name in names
    ]
    must = {names[Name.STARTED], *([names[Name.RESOLVED]] if said.is_over else [])}
    missing = must - {row.name for row in rows}
    return rows + [Milestone(incident=incident, name=name, state=State.NOT_KNOWN) for name in missing]


def _ends(incident: Incident) -> tuple[str, str]:
    return (Name.STARTED, Name.RESOLVED) if incident.is_outage else (Name.ACTUAL_START, Name.ACTUAL_END)


def _link(through: Any, column: str, pairs: list[tuple[Incident, Any]]) -> None:
    links = dict.fromkeys((incident.pk, other.pk) for incident, other in pairs)
    through._default_manager.bulk_create(
        through(**{"incident_id": incident, column: other}) for incident, other in links
    )
