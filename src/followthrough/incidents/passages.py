"""How incidents and services are found, and who may find what belongs to an incident."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from followthrough.incidents import closings
from followthrough.incidents.models import Incident, Service
from followthrough.incidents.queries import numbers_seen
from followthrough.people.models import User
from followthrough.search.audiences import members
from followthrough.search.models import Passage, passage
from followthrough.search.operations import register
from followthrough.search.sources import HEAD, NOTES, Source

RELATIONS = ("services", "teams", "tags")


def register_passages() -> None:
    """Called once, from this room's ready()."""
    register(
        Source(
            "incident",
            "Incidents",
            Incident,
            _incidents,
            incident_passage,
            seen_with_incident,
            followed=False,
        )
    )
    NOTES["incident"] = closings.words_of
    register(Source("service", "Services", Service, Service.objects.all, _service, members))


def seen_with_incident(user: User, passages: Collection[Passage]) -> Iterable[Passage]:
    """For members: those whose incident they may see."""
    if not user.is_member:
        return ()
    seen = set(numbers_seen(user, {one.incident for one in passages if one.incident}))
    return [one for one in passages if one.incident in seen]


def _incidents() -> QuerySet[Incident]:
    return Incident.objects.prefetch_related(*RELATIONS)


def incident_passage(incident: Incident, names: Iterable[str] | None = None) -> Passage:
    """With the `names` of its services, teams and tags where they are known."""
    if names is None:
        names = [str(row) for relation in RELATIONS for row in getattr(incident, relation).all()]
    return passage(
        "incident",
        incident,
        tier=HEAD,
        title=incident.title,
        body=incident.what_happened,
        also="\n".join([*names, incident.source_title]),
        address=incident.get_absolute_url(),
        at=incident.began_at,
        incident=incident.pk,
        number=incident.key,
    )


def _service(service: Service) -> Passage:
    address = f"/services/{service.slug}/"
    return passage("service", service, tier=HEAD, title=service.name, body=service.what, address=address)
