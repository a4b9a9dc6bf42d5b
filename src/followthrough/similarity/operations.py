"""People's feedback on whether two incidents are the same thing again."""

from __future__ import annotations

from django.db import transaction

from followthrough.activity.operations import record
from followthrough.core.errors import DomainError
from followthrough.incidents.models import Incident
from followthrough.people.models import User
from followthrough.similarity.models import SimilarityFeedback


@transaction.atomic
def give_feedback(incident: Incident, other: Incident, *, alike: bool, by: User) -> SimilarityFeedback:
    """Confirms that the two belong together, or rules it out. Both must be seen by `by`; saying it again changes nothing."""
    one, other = _in_order(incident, other)
    said, is_new = SimilarityFeedback.objects.get_or_create(
        one=one, other=other, defaults={"alike": alike, "by": by}
    )
    if is_new or said.alike != alike:
        said.alike, said.by = alike, by
        said.save()
        record(said, "confirmed" if alike else "ruled out", by=by, changes={"incident": [None, one.key]})
    return said


@transaction.atomic
def withdraw_feedback(incident: Incident, other: Incident, *, by: User) -> None:
    """Leaves the likeness of the two to what is computed; without a word to take back nothing changes."""
    one, other = _in_order(incident, other)
    for said in SimilarityFeedback.objects.filter(one=one, other=other):
        record(said, "took back", by=by, changes={"incident": [None, one.key]})
        said.delete()


def _in_order(incident: Incident, other: Incident) -> tuple[Incident, Incident]:
    if incident.pk == other.pk:
        raise DomainError("An incident cannot be compared with itself.")
    one, other = sorted((incident, other), key=lambda each: each.pk)
    return one, other
