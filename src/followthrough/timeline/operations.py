"""Every change to the timeline."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from followthrough.activity import operations as activity
from followthrough.core.errors import Conflict, DomainError, NotAllowed
from followthrough.core.times import is_zone
from followthrough.incidents import operations as incidents
from followthrough.incidents.models import Milestone
from followthrough.people.models import User, digest
from followthrough.postmortems import records
from followthrough.postmortems.models import PostMortem
from followthrough.timeline import queries
from followthrough.timeline.files import ENDINGS, media_type_of, title_of
from followthrough.timeline.messages import MAX_MESSAGES
from followthrough.timeline.models import Entry, Evidence
from followthrough.timeline.when import read_line

_MOST_EVIDENCE = 20
_NEEDS_WORDS = "Say what was seen or done; an entry needs words."


@dataclass(frozen=True)
class Row:
    """One row of a log to be taken over; `key` is what the preview called it, `author` a name or ""."""

    key: str
    happened_at: datetime
    text: str
    author: str = ""
    kind: str = ""
    id: UUID | None = None


@transaction.atomic
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
    source_key: str | None = None,
) -> Entry:
    """Adds one moment; `zone` is the one its time was entered in.

    An anonymous entry keeps no author, in the log neither; who holds `editing_key` may edit it.
    """
    if anonymous and len(editing_key) < 16:
        raise DomainError("An anonymous entry needs an editing key of 16 characters or more from its page.")
    entry = Entry(
        id=id or uuid4(),
        postmortem=postmortem,
        text=records.words(text, needed=_NEEDS_WORDS),
        happened_at=_sensible(happened_at),
        zone=_known_zone(zone),
        kind=_known_kind(kind),
        author=None if anonymous else by,
        anonymous=anonymous,
        editing_key_digest=digest(editing_key) if anonymous else "",
        source=source[:80],
        source_key=source_key,
    )
    records.add(entry, by=entry.author)
    if milestone:
        _mark(entry, milestone, by=entry.author)
    return entry


@transaction.atomic
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

    A line without a time happened when the `previous` one did.
    """
    incident = postmortem.incident
    zone = _known_zone(zone or by.zone)
    read = read_line(
        line,
        start=incident.began_at,
        zone=ZoneInfo(zone),
        previous=previous,
        end=incident.ended_at,
        days=not incident.is_outage,
    )
    happened_at = read.happened_at or previous
    if happened_at is None:
        raise DomainError(
            "Say when it was: begin the line with a time such as 14:11 or +8 min.", field="line"
        )
    return add_entry(
        postmortem,
        text=read.text,
        happened_at=happened_at,
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
        values["text"] = records.words(text, needed=_NEEDS_WORDS)
    if happened_at is not None:
        values["happened_at"] = _sensible(happened_at)
    if zone is not None:
        values["zone"] = _known_zone(zone)
    if kind is not None:
        values["kind"] = _known_kind(kind)
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


@transaction.atomic
def attach_link(
    entry: Entry,
    *,
    url: str,
    by: User,
    title: str = "",
    id: UUID | None = None,  # noqa: A002
) -> Evidence:
    """Names a page that showed it. Without a title the link is called by its host."""
    url = records.web_address(url)
    title = records.words(title, limit=200, field="title") or urlsplit(url).netloc
    return _attach(Evidence(id=id or uuid4(), entry=entry, url=url, title=title), by=by)


@transaction.atomic
def attach_file(entry: Entry, *, file: UploadedFile[bytes], by: User, title: str = "") -> Evidence:
    """Stores a picture, PDF or plain text under a name that says nothing; its own name is the title at most."""
    if (file.size or 0) > settings.UPLOAD_LIMIT:
        megabytes = settings.UPLOAD_LIMIT // 1024 // 1024
        raise DomainError(
            f"This file is larger than {megabytes} MB. Attach a smaller one, or a link.", field="file"
        )
    content = file.read()
    name = file.name or ""
    media_type = media_type_of(name, content)
    evidence = Evidence(
        entry=entry,
        title=records.words(title, limit=200, field="title") or title_of(name),
        media_type=media_type,
        size=len(content),
    )
    evidence.file.save(f"{uuid4()}.{ENDINGS[media_type]}", ContentFile(content), save=False)
    return _attach(evidence, by=by)


def _attach(evidence: Evidence, *, by: User) -> Evidence:
    """Stores evidence; of an anonymous entry's nobody is named, in the log neither."""
    entry = evidence.entry
    records.still_there(entry)
    if entry.evidence.filter(removed_at=None).count() >= _MOST_EVIDENCE:
        raise DomainError(f"An entry holds {_MOST_EVIDENCE} pieces of evidence at most. Remove one first.")
    evidence.added_by = None if entry.anonymous else by
    evidence.save(force_insert=True)
    activity.record(
        entry, "attached evidence to", by=evidence.added_by, changes={"evidence": [None, evidence.title]}
    )
    return evidence


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: User) -> None:
    """Takes evidence off its entry; its file stays until the incident is deleted."""
    if evidence.removed_at is None:
        evidence.removed_at = timezone.now()
        evidence.save(update_fields=["removed_at"])
        activity.record(
            evidence.entry, "took evidence from", by=by, changes={"evidence": [str(evidence), None]}
        )


@transaction.atomic
def take_over(postmortem: PostMortem, rows: Sequence[Row], *, source: str, by: User) -> list[Entry]:
    """Makes entries of rows of a log; those taken over before are left alone, or restored if they were removed.

    Who is named exactly like one active person becomes the author; other names stand with the source. Returns
    the entries that are new.
    """
    if len(rows) > MAX_MESSAGES:
        raise DomainError(
            f"At most {MAX_MESSAGES:,} rows are taken over at once. Choose the hours that matter."
        )
    before = queries.taken_over(postmortem, [row.key for row in rows])
    for entry in before.values():
        records.restore(entry, by=by)
    people = queries.people_named({row.author for row in rows})
    new = {
        row.key: _taken_over(postmortem, row, source=source, author=people.get(row.author.casefold()))
        for row in rows
        if row.key not in before
    }
    try:
        entries = Entry.objects.bulk_create(list(new.values()))
    except IntegrityError as error:
        raise Conflict(
            "Some of these rows were added already. Nothing was added twice; look again."
        ) from error
    activity.record_all(entries, "added", by=by)
    return entries


def _taken_over(postmortem: PostMortem, row: Row, *, source: str, author: User | None) -> Entry:
    named = f"{source} · {row.author}" if row.author and not author else source
    if not 0 < len(row.key) <= 80:
        raise DomainError("A row needs a key of 80 characters at most, as the preview gave it.", field="key")
    return Entry(
        id=row.id or uuid4(),
        postmortem=postmortem,
        text=records.words(row.text, needed=_NEEDS_WORDS),
        happened_at=_sensible(row.happened_at),
        zone=postmortem.incident.zone,
        kind=row.kind if row.kind in Entry.Kind.values else Entry.Kind.OBSERVATION,
        author=author,
        source=named[:80],
        source_key=row.key,
    )


def _set_milestone(entry: Entry, *, by: User | None) -> None:
    incidents.set_milestone(
        entry.postmortem.incident,
        str(entry.milestone),
        at=entry.happened_at,
        state=Milestone.State.KNOWN,
        by=by,
    )


def _others_marking(entry: Entry, name: str) -> Any:
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


def _sensible(moment: datetime) -> datetime:
    """In UTC, with a zone and in a year that people live in."""
    if moment.tzinfo is None or not 1970 <= moment.year <= 2200:
        raise DomainError(
            "This time cannot be right. Give a day and a time between 1970 and 2200.", field="when"
        )
    return moment.astimezone(UTC)


def _known_zone(zone: str) -> str:
    if not is_zone(zone):
        raise DomainError("There is no such time zone. Choose one from the list.", field="zone")
    return zone


def _known_kind(kind: str) -> str:
    if kind not in Entry.Kind.values:
        raise DomainError("There is no such kind of entry. Choose one from the list.", field="kind")
    return kind
