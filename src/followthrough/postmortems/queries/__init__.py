"""Who sees which post-mortems; they share their incident's visibility."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from followthrough.core.errors import NotFound
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Involvement
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem, Promise


def visible_to(user: User | AnonymousUser) -> QuerySet[PostMortem]:
    """Post-mortems of the incidents that `user` may know of."""
    seen = incidents.visible_to(user).filter(pk=OuterRef("pk"))
    return PostMortem.objects.filter(Exists(seen))


def find(user: User | AnonymousUser, pk: int) -> PostMortem:
    """The post-mortem of incident `pk` with the incident, its severity and the facilitator, or NotThere."""
    related = visible_to(user).select_related("incident__severity", "facilitator")
    postmortem = related.filter(pk=pk).first()
    if postmortem is None:
        raise NotFound("There is no such post-mortem, or it is not shared with you.")
    return postmortem


def promise_of(postmortem: PostMortem, kind: str) -> Promise | None:
    """The promise of that kind, kept or not; None if it was never given or was dropped."""
    return postmortem.promises.filter(kind=kind, dropped_at=None).first()


def took_part(postmortem: PostMortem, person: User) -> bool:
    """Whether `person` had a role in the incident, so that they are not neutral."""
    return Involvement.objects.filter(incident=postmortem.pk, person=person).exists()


def is_reopened(postmortem: PostMortem) -> bool:
    """Whether its closed room may be written in again for now."""
    return postmortem.reopened_until is not None and postmortem.reopened_until > timezone.now()
