"""The milestones that an incident has when its post-mortem opens, as entries of its timeline, and kept in step."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.records import operations as records
from followthrough.timeline.models import MILESTONE_KEY, Entry

_SOURCE = "the report"


@transaction.atomic
def write_milestones(postmortem: PostMortem, names: Collection[str], *, by: User | None) -> None:
    """Has an entry stand for each of these milestones that is known, at its time, and for none that is not.

    An entry that somebody marked stands in for the report's; one that was removed stays so.
    """
    entries = list(Entry.objects.filter(postmortem=postmortem).exclude(milestone=None, source_key=None))
    known = {row.name: row.at for row in postmortem.incident.milestones.all() if row.at}
    for entry in entries:
        at = known.get(entry.milestone or "")
        if entry.removed_at is None and entry.milestone in names and entry.happened_at != at:
            _follow(entry, at, by=by)
    standing = {entry.milestone for entry in entries} | {entry.source_key for entry in entries}
    for name, at in sorted(known.items(), key=lambda one: one[1]):
        if name in names and name not in standing and f"{MILESTONE_KEY}{name}" not in standing:
            _write(postmortem, name, at, by=by)


def _follow(entry: Entry, at: datetime | None, *, by: User | None) -> None:
    if at:
        records.revise(entry, {"happened_at": at}, by=by)
    elif entry.is_of_report:
        records.remove(entry, by=by)


def _write(postmortem: PostMortem, name: str, at: datetime, *, by: User | None) -> None:
    entry = Entry(
        id=uuid4(),
        postmortem=postmortem,
        text=postmortem.incident.words.milestone(name),
        happened_at=at,
        zone=postmortem.incident.zone,
        kind=Entry.Kind.MILESTONE,
        milestone=name,
        source=_SOURCE,
        source_key=f"{MILESTONE_KEY}{name}",
    )
    records.add(entry, by=by)
