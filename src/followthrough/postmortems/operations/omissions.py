"""Omissions: what a post-mortem closes without, each with its reason."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from followthrough.activity.operations import record
from followthrough.core.errors import DomainError
from followthrough.people.models import User
from followthrough.postmortems.models import Omission, PostMortem
from followthrough.records.operations import reason as honest_reason

_NEEDED = {
    Omission.What.TIMELINE: "Say why there is no timeline entry, so that the next reader understands.",
    Omission.What.CAUSES: "Say why no cause was found, so that the next reader understands.",
    Omission.What.FINDINGS: "Say why there is nothing to learn from it, so that the next reader understands.",
    Omission.What.ACTIONS: "Say why nothing is done about it, so that the next reader understands.",
    Omission.What.FACILITATOR: "Say why nobody facilitated, so that the next reader understands.",
}


@transaction.atomic
def explain_omission(postmortem: PostMortem, what: str, *, reason: str, by: User) -> Omission:
    """Records why there is none of `what`; a new reason takes the place of the one before."""
    if what not in Omission.What.values:
        raise DomainError("There is no such part of a post-mortem.", field="what")
    said = honest_reason(reason, needed=_NEEDED[Omission.What(what)])
    PostMortem.objects.select_for_update().get(pk=postmortem.pk)
    known = postmortem.omissions.filter(what=what).first()
    before = known.reason if known else ""
    row, _ = Omission.objects.update_or_create(
        postmortem=postmortem, what=what, defaults={"reason": said, "by": by}
    )
    if said != before:
        record(row, "explained", by=by, changes={"reason": [before, said]})
    return row


@transaction.atomic
def keep_omissions(postmortem: PostMortem, still_missing: Collection[str], *, by: User | None) -> None:
    """Lets the reasons go for what is there after all."""
    for row in postmortem.omissions.exclude(what__in=still_missing):
        record(row, "withdrawn", by=by, changes={"reason": [row.reason, ""]})
        row.delete()
