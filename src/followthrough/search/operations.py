"""Keeping the index: passages written in the transaction of the change that they tell of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import Model

from followthrough.activity import operations as activity
from followthrough.activity.models import Activity
from followthrough.core.bulk_insert import bulk_insert
from followthrough.search.models import Passage, StalePassages
from followthrough.search.sources import SOURCES, Source

K = TypeVar("K")
WRITTEN = ("incident", "moment", "title", "body", "address", "words")
BATCH_ROWS = 500


def register(source: Source) -> None:
    """Makes a kind of record be found from now on. Rooms above call it from ready()."""
    is_followed = any(one.model is source.model and one.followed for one in SOURCES.values())
    SOURCES[source.kind] = source
    if source.followed and not is_followed:
        activity.follow(source.model._meta.label_lower, _follow)


def _follow(rows: Sequence[tuple[Activity, Model]]) -> None:
    """Writes what was changed just now; of what was deleted nothing stays."""
    model = type(rows[0][1])
    for source in [one for one in SOURCES.values() if one.model is model and one.followed]:
        refresh(source, [record for row, record in rows if row.verb != "removed"])
        forget(source.kind, [row.record for row, _ in rows if row.verb == "removed"])


def refresh(source: Source, records: Iterable[Model]) -> None:
    """Writes the passages of these records as they stand, and forgets those that nobody is to find."""
    drawn = [(str(record.pk), source.draw(record)) for record in records]
    keep([passage for _, passage in drawn if passage])
    forget(source.kind, [key for key, passage in drawn if passage is None])


def keep(passages: Collection[Passage]) -> None:
    """Writes passages over those of the same kind and key."""
    if passages:
        Passage.objects.bulk_create(
            passages,
            update_conflicts=True,
            unique_fields=["kind", "key"],
            update_fields=WRITTEN,
            batch_size=BATCH_ROWS,
        )


def keep_new(passages: Sequence[Passage]) -> None:
    """The same for those of records that were saved just now."""
    bulk_insert(passages)


def forget(kind: str, keys: Collection[str]) -> None:
    if keys:
        Passage.objects.filter(kind=kind, key__in=keys).delete()


def mark_stale(kind: str, incident: int) -> None:
    """Leaves it to the worker to read texts anew that change with every letter."""
    StalePassages.objects.bulk_create([StalePassages(kind=kind, incident=incident)], ignore_conflicts=True)


def refresh_stale() -> int:
    """Reads anew what was marked; how many."""
    marked = list(StalePassages.objects.all())
    for mark in marked:
        source = SOURCES[mark.kind]
        with transaction.atomic():
            mark.delete()
            refresh(source, source.rows().filter(postmortem=mark.incident))
    return len(marked)


def fill() -> int:
    """Writes what is not in the index yet, and forgets what is no more there; returns how many were written."""
    return sum(_fill(source) for source in SOURCES.values())


def _fill(source: Source) -> int:
    known = set(Passage.objects.filter(kind=source.kind).values_list("key", flat=True))
    there = {str(key): key for key in source.rows().order_by().values_list("pk", flat=True)}
    gone = sorted(known - there.keys())
    for some in _batches(gone):
        forget(source.kind, some)
    written = 0
    for some in _batches([there[key] for key in there.keys() - known]):
        with transaction.atomic():
            passages = [found for row in source.rows().filter(pk__in=some) if (found := source.draw(row))]
            keep(passages)
        written += len(passages)
    return written


def _batches(keys: Iterable[K]) -> Iterator[list[K]]:
    rest = iter(keys)
    while some := list(islice(rest, BATCH_ROWS)):
        yield some
