"""Importing rows of logs as entries; idempotent by their source key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from followthrough.activity import operations as activity
from followthrough.core.errors import Conflict, DomainError
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.queries import quota
from followthrough.records import operations as records
from followthrough.timeline import queries
from followthrough.timeline.log_messages import MAX_MESSAGES
from followthrough.timeline.models import Entry
from followthrough.timeline.operations.entry_limits import NEEDS_WORDS, sensible

_MAX_TEXT_CHARACTERS = 4000


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
def take_over(postmortem: PostMortem, rows: Sequence[Row], *, source: str, by: User | None) -> list[Entry]:
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
    quota.check(Entry, postmortem.pk, [entry.text for entry in new.values()])
    try:
        entries = Entry.objects.bulk_create(list(new.values()))
    except IntegrityError as error:
        raise Conflict(
            "Some of these rows were added already. Nothing was added twice; look again."
        ) from error
    activity.record_all(entries, "added", by=by)
    return entries


@transaction.atomic
def take_back(postmortem: PostMortem, keys: Sequence[str], *, by: User) -> None:
    """Removes the entries that were made of these rows of a log; taking them over again restores them."""
    if len(keys) > MAX_MESSAGES:
        raise DomainError(f"At most {MAX_MESSAGES:,} rows are taken back at once.")
    for entry in queries.taken_over(postmortem, keys).values():
        records.remove(entry, by=by)


def _taken_over(postmortem: PostMortem, row: Row, *, source: str, author: User | None) -> Entry:
    named = f"{source} · {row.author}" if row.author and not author else source
    if not 0 < len(row.key) <= 80:
        raise DomainError("A row needs a key of 80 characters at most, as the preview gave it.", field="key")
    return Entry(
        id=row.id or uuid4(),
        postmortem=postmortem,
        text=records.words(_shortened(row.text), needed=NEEDS_WORDS),
        happened_at=sensible(row.happened_at),
        zone=postmortem.incident.zone,
        kind=row.kind if row.kind in Entry.Kind.values else Entry.Kind.OBSERVATION,
        author=author,
        source=named[:80],
        source_key=row.key,
    )


def _shortened(text: str) -> str:
    """A message of a log as far as an entry holds it."""
    return text if len(text) <= _MAX_TEXT_CHARACTERS else f"{text[: _MAX_TEXT_CHARACTERS - 1]}…"
