"""Reading the timeline."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from followthrough.core.errors import NotThere
from followthrough.postmortems.models import PostMortem
from followthrough.timeline.models import Entry, Evidence


def entries_of(postmortem: PostMortem) -> QuerySet[Entry]:
    """The timeline in order, with authors and evidence."""
    evidence = Evidence.objects.filter(removed_at=None).order_by("added_at")
    return (
        Entry.objects.filter(postmortem=postmortem, removed_at=None)
        .select_related("author")
        .prefetch_related(Prefetch("evidence", evidence))
        .order_by("happened_at", "created_at", "pk")
    )


def find_entry(postmortem: PostMortem, key: UUID | str) -> Entry:
    """An entry of this post-mortem, removed or not. NotThere otherwise."""
    entry = Entry.objects.select_related("postmortem__incident").filter(postmortem=postmortem, pk=key).first()
    if entry is None:
        raise NotThere("This entry is not part of the timeline.")
    return entry


def accounts_of(entry: Entry) -> QuerySet[Entry]:
    """Every account of the same moment, this one among them."""
    same = Entry.objects.filter(postmortem=entry.postmortem_id, removed_at=None)
    return same.filter(moment=entry.moment) if entry.moment else same.filter(pk=entry.pk)
