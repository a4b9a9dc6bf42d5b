"""Reading what was written before the meeting."""

from __future__ import annotations

from django.db.models import QuerySet

from followthrough.core.errors import NotFound
from followthrough.meetings.models import Observation
from followthrough.postmortems.models import PostMortem


def observations_of(postmortem: PostMortem) -> QuerySet[Observation]:
    """What was written before the meeting, oldest first."""
    rows = Observation.objects.filter(postmortem=postmortem, removed_at=None)
    return rows.select_related("author").order_by("created_at", "pk")


def find_observation(postmortem: PostMortem, key: str) -> Observation:
    """NotFound where it is none of this post-mortem's."""
    found = Observation.objects.filter(postmortem=postmortem, pk=key).first()
    if found is None:
        raise NotFound("This observation is not part of the pre-read.")
    return found
