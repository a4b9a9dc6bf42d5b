"""Preparation: who has read the pre-read, and what they already saw."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from followthrough.activity import operations as activity
from followthrough.core.errors import NotAllowed
from followthrough.meetings.models import Observation
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem
from followthrough.records import operations as records

_NEEDS_WORDS = "Write what you saw or wonder about first."


@transaction.atomic
def mark_read(postmortem: PostMortem, *, by: User) -> bool:
    """Notes that somebody who was asked, or facilitates, has read the pre-read; whether this was the first time."""
    if by == postmortem.facilitator:
        Participant.objects.get_or_create(
            postmortem=postmortem, person=by, defaults={"reason": "Facilitates the meeting"}
        )
    participant = postmortem.participants.filter(person=by, read_at=None).first()
    if participant is None:
        return False
    participant.read_at = timezone.now()
    participant.save(update_fields=["read_at"])
    activity.record(participant, "read", by=by)
    return True


@transaction.atomic
def observe(
    postmortem: PostMortem,
    *,
    text: str,
    by: User,
    anonymous: bool = False,
    id: UUID | None = None,  # noqa: A002
) -> Observation:
    """Adds something for the meeting to look at; of an anonymous one nothing keeps who wrote it."""
    author = None if anonymous else by
    text = records.words(text, needed=_NEEDS_WORDS)
    observation = Observation(id=id or uuid4(), postmortem=postmortem, text=text, author=author)
    return records.add(observation, by=author)


@transaction.atomic
def take_back_observation(observation: Observation, *, by: User) -> None:
    """Its author takes it away again; an anonymous one stays."""
    if observation.author_id != by.pk:
        raise NotAllowed("Only the person who wrote it can take it back.")
    records.remove(observation, by=by)
