"""Entries: added, changed, marked as milestones, set side by side."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from followthrough.core.errors import DomainError, NotAllowed
from followthrough.core.hashing import digest
from followthrough.core.times import is_zone, local
from followthrough.core.timestamps import looks_timed
from followthrough.core.transactions import atomic
from followthrough.incidents import operations as incidents
from followthrough.incidents.models import Milestone
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.records import operations as records
from followthrough.timeline import queries
from followthrough.timeline.models import Entry
from followthrough.timeline.operations.entry_limits import NEEDS_WORDS, known_kind, known_zone, sensible
from followthrough.timeline.typed_times import read_line


@atomic
def add_entry(
    postmortem: PostMortem,
    *,
    text: str,
    happened_at: datetime,
    zone: str,
    by: User,
    id: UUID | None = None,  # noqa: A002
    kind: str = Entry.Kind.OBSERVATION,
    anonymous: bool = False,
    editing_key: str = "",
    milestone: str | None = None,
    source: str = "",
    whole_day: bool = False,
) -> Entry:
    """Adds one moment; `zone` is the one its time was entered in; of a `whole_day` no time was said.

    An anonymous entry keeps no author, in the log neither; who holds `editing_key` may edit it.
    """
    if anonymous and len(editing_key) < 16:
        raise DomainError("An anonymous entry needs an editing key of 16 characters or more from its page.")
    entry = Entry(
        id=id or uuid4(),
        postmortem=postmortem,
        text=records.words(text, needed=NEEDS_WORDS),
        happened_at=sensible(happened_at),
        whole_day=whole_day,
        zone=known_zone(zone),
        kind=known_kind(kind),
        author=None if anonymous else by,
        anonymous=anonymous,
        editing_key_digest=digest(editing_key) if anonymous else "",
        source=source[:80],
    )
    records.add(entry, by=entry.author)
    if milestone:
        _mark(entry, milestone, by=entry.author)
    return entry


def write_line(
    postmortem: PostMortem,
    *,
    line: str,
    by: User,
    id: UUID | None = None,  # noqa: A002
    previous: datetime | None = None,
    zone: str | None = None,
    kind: str = Entry.Kind.OBSERVATION,
    anonymous: bool = False,
    editing_key: str = "",
) -> Entry:
    """Adds a typed line such as `14:11 alert fired`; bare times are on the writer's clock unless `zone` is given.

    A line without a time happened when the `previous` one did; one whose time is not understood is refused.
    """
    incident = postmortem.incident
    zone = known_zone(zone or by.zone)
    read = read_line(
        line,
        start=incident.began_at,
        zone=ZoneInfo(zone),
        previous=previous,
        today=local(timezone.now(), by.zone).date(),
        end=incident.ended_at,
        days=not incident.is_outage,
    )
    happened_at = read.happened_at or (None if looks_timed(line) else previous)
    if happened_at is None:
        raise DomainError(
            "Say when it was: begin the line with a time such as 14:11 or +8 min.", field="line"
        )
    return add_entry(
        postmortem,
        text=read.text,
        happened_at=happened_at,
        whole_day=read.whole_day,
        zone=read.zone if is_zone(read.zone) else zone,
        by=by,
        id=id,
        kind=kind,
        anonymous=anonymous,
        editing_key=editing_key,
    )


@transaction.atomic
def change_entry(
    entry: Entry,
    *,
    by: User,
    base: int | None = None,
    text: str | None = None,
    happened_at: datetime | None = None,
    whole_day: bool = False,
    zone: str | None = None,
    kind: str | None = None,
    editing_key: str = "",
) -> Entry:
    """Changes what is given; the incident's milestone moves with the time of an entry that marks it.

    Conflict if `base` is stale and the text is among the changes; NotAllowed for somebody else's anonymous entry.
    """
    actor = _editor(entry, by, editing_key)
    values: dict[str, Any] = {}
    if text is not None:
        values["text"] = records.words(text, needed=NEEDS_WORDS)
    if happened_at is not None:
        values |= {"happened_at": sensible(happened_at), "whole_day": whole_day}
    if zone is not None:
        values["zone"] = known_zone(zone)
    if kind is not None:
        values["kind"] = known_kind(kind)
    records.still_there(entry)
    changes = records.revise(entry, values, by=actor, base=base if text is not None else None)
    if "happened_at" in changes and entry.milestone:
        _set_milestone(entry, by=actor)
    return entry


@transaction.atomic
def remove_entry(entry: Entry, *, by: User, editing_key: str = "") -> None:
    records.remove(entry, by=_editor(entry, by, editing_key))


@transaction.atomic
def restore_entry(entry: Entry, *, by: User, editing_key: str = "") -> None:
    """Brings an entry back, without its milestone if another marks that by now."""
    actor = _editor(entry, by, editing_key)
    if entry.milestone and _others_marking(entry, entry.milestone).exists():
        records.revise(entry, {"removed_at": None, "milestone": None}, by=actor, verb="restored")
    else:
        records.restore(entry, by=actor)


@transaction.atomic
def mark_milestone(entry: Entry, name: str | None, *, by: User) -> Entry:
    """Says that an entry is the incident's milestone `name` and sets that to its time.

    The entry that marked it before marks nothing then. None takes the mark away and leaves the incident's
    milestone where it is.
    """
    records.still_there(entry)
    if name is None:
        records.revise(entry, {"milestone": None}, by=by, verb="unmarked")
    else:
        _mark(entry, name, by=by)
    return entry


def _mark(entry: Entry, name: str, *, by: User | None) -> None:
    known = Milestone.OUTAGE if entry.postmortem.incident.is_outage else Milestone.OTHER
    if name not in known:
        raise DomainError(
            "This kind of event has no such milestone. Choose one from the list.", field="milestone"
        )
    for other in _others_marking(entry, name):
        if other.is_of_report:
            records.remove(other, by=by)
        else:
            records.revise(other, {"milestone": None}, by=by, verb="unmarked")
    if records.revise(entry, {"milestone": name}, by=by, verb="marked"):
        _set_milestone(entry, by=by)


@transaction.atomic
def pair_entries(entry: Entry, other: Entry | None, *, by: User) -> None:
    """Sets two accounts of one moment side by side; None takes the entry out of its pair again."""
    records.still_there(entry)
    if other is None:
        records.revise(entry, {"moment": None}, by=by, verb="parted")
        return
    records.still_there(other)
    if other.pk == entry.pk or other.postmortem_id != entry.postmortem_id:
        raise DomainError("Two different entries of the same timeline make a pair. Nothing was changed.")
    moment = entry.moment or other.moment or uuid4()
    for account in {one.pk: one for one in (*queries.accounts_of(other), other, entry)}.values():
        records.revise(account, {"moment": moment}, by=by, verb="paired")


@transaction.atomic
def settle_accounts(entry: Entry, *, by: User) -> list[Entry]:
    """Lets this account of the moment stand and removes the others; each can be restored. Returns the removed."""
    records.still_there(entry)
    removed = [one for one in queries.accounts_of(entry) if one.pk != entry.pk]
    for one in removed:
        records.remove(one, by=by)
    return removed


def _set_milestone(entry: Entry, *, by: User | None) -> None:
    incidents.set_milestone(
        entry.postmortem.incident,
        str(entry.milestone),
        at=entry.happened_at,
        state=Milestone.State.KNOWN,
        by=by,
    )


def _others_marking(entry: Entry, name: str) -> QuerySet[Entry]:
    marking = Entry.objects.filter(postmortem=entry.postmortem_id, milestone=name, removed_at=None)
    return marking.exclude(pk=entry.pk)


def _editor(entry: Entry, by: User, editing_key: str) -> User | None:
    """Who the log names for an edit: nobody for the author of an anonymous entry."""
    if not entry.anonymous:
        return by
    if editing_key and secrets.compare_digest(digest(editing_key), entry.editing_key_digest):
        return None
    if by.is_administrator or entry.postmortem.facilitator_id == by.pk:
        return by
    raise NotAllowed(
        "This was written anonymously. Its author can change it, or the facilitator for everyone."
    )
