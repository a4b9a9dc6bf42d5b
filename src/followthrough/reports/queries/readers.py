"""Who may get a summary, who does, and who opened it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from followthrough.incidents.models import Incident
from followthrough.incidents.queries import members_who_see
from followthrough.people.models import Team, User
from followthrough.reports.models import Reader, Summary

MOST_TEAMS = 60
"""Whole teams that are offered at once; people of others are named."""


@dataclass(frozen=True)
class Recipients:
    """Whom a summary goes to: people here, and addresses outside."""

    people: frozenset[User]
    addresses: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return len(self.people) + len(self.addresses)


def is_restricted(summary: Summary) -> bool:
    """Whether only those who may see its incident can get it, and nobody outside."""
    return summary.postmortem.incident.visibility == Incident.Visibility.RESTRICTED


def possible_readers(summary: Summary) -> QuerySet[User]:
    """Everybody here who may read the summary once it is published."""
    incident = summary.postmortem.incident
    stakeholders = User.objects.filter(role=User.Role.STAKEHOLDER, is_active=True)
    if is_restricted(summary):
        stakeholders = stakeholders.filter(pk__in=incident.named_people.values("pk"))
    members = members_who_see(incident)
    return User.objects.filter(Q(pk__in=members.values("pk")) | Q(pk__in=stakeholders.values("pk")))


def proposed(summary: Summary) -> Recipients:
    """Whom it went to before; the first time those who took part, and all stakeholders who may read it."""
    before = list(summary.readers.all())
    if before:
        known = possible_readers(summary).filter(pk__in={reader.person_id for reader in before})
        outside = [] if is_restricted(summary) else [row.address for row in before if row.address]
        return Recipients(frozenset(known), tuple(sorted(outside)))
    took_part = summary.postmortem.participants.values("person")
    first = Q(pk__in=took_part) | Q(role=User.Role.STAKEHOLDER)
    return Recipients(frozenset(possible_readers(summary).filter(first)))


@dataclass(frozen=True)
class Choice:
    """What is offered before publishing: `people` are (person, whether they are chosen), by group."""

    took_part: list[tuple[User, bool]]
    stakeholders: list[tuple[User, bool]]
    others: list[tuple[User, bool]]
    addresses: tuple[str, ...]
    teams: list[Team]
    count: int


def choice_of(summary: Summary) -> Choice:
    """The people, teams and addresses to choose from; five queries."""
    chosen = proposed(summary)
    ticked = {person.pk for person in chosen.people}
    took_part = set(summary.postmortem.participants.values_list("person", flat=True))
    groups: dict[str, list[tuple[User, bool]]] = {"took_part": [], "stakeholders": [], "others": []}
    offered = Q(pk__in=took_part | ticked) | Q(role=User.Role.STAKEHOLDER)
    for person in possible_readers(summary).filter(offered).order_by("name"):
        group = "took_part" if person.pk in took_part else "others" if person.is_member else "stakeholders"
        groups[group].append((person, person.pk in ticked))
    return Choice(**groups, addresses=chosen.addresses, teams=teams_with_readers(summary), count=chosen.count)


def teams_with_readers(summary: Summary) -> list[Team]:
    """Teams with somebody who may read it, each with `readers`, how many."""
    possible = Q(people__in=possible_readers(summary))
    counted = Team.objects.annotate(readers=Count("people", filter=possible, distinct=True))
    return list(counted.filter(readers__gt=0).order_by("name")[:MOST_TEAMS])


def readers_of(summary: Summary) -> list[Reader]:
    """Everybody who was told of the published version, those who opened it first."""
    rows = summary.readers.exclude(told_at=None).select_related("person", "link")
    return sorted(rows, key=lambda reader: (not reader.has_opened, str(reader).lower()))


def sees_who_opened(summary: Summary, user: User) -> bool:
    """Whoever published it, the facilitator and administrators; all other members see only how many."""
    return user.is_administrator or user.pk in {summary.published_by_id, summary.postmortem.facilitator_id}
