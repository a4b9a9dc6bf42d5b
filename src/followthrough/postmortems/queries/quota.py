"""Quotas: how many records, and how many characters in their texts, one post-mortem may hold.

A row of the log is written for each change, so that its newest number bounds from above what came since the last count:
nothing is counted while that bound is low enough, which it is in nearly every meeting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Count, Sum
from django.db.models.functions import Length

from followthrough.activity.operations import number_of
from followthrough.core.errors import DomainError
from followthrough.postmortems.models import Record
from followthrough.records.models import VersionedRecord

MOST_RECORDS = {
    "timeline.entry": 5_000,
    "causes.cause": 1_000,
    "causes.finding": 500,
    "actions.actionitem": 500,
    "meetings.answer": 2_000,
    "meetings.parkeditem": 500,
    "meetings.observation": 1_000,
}
"""Of each kind in one post-mortem; those that were removed do not count."""
MOST_CHARACTERS = 4_000_000
"""In the texts of all of these together."""
LONGEST_TEXT_CHARACTERS = 4_000
EVIDENCE_OF_AN_ENTRY, EVIDENCE_OF_A_POSTMORTEM = 20, 1_000
ENTRIES_CITED_BY_A_CAUSE = 50
_REMEMBERED_COUNTS = 500


@dataclass(frozen=True)
class _Census:
    """What was counted when the log was at `seq`."""

    seq: int = 0
    records: int = 0
    characters: int = 0


_NOTHING = _Census()
_counted: dict[tuple[int, str], _Census] = {}
"""By post-mortem and kind."""


def check(kind: type[Record], postmortem: int, texts: Sequence[str], *, longer: int = 0) -> None:
    """DomainError unless records with these `texts`, or one that gets `longer`, still fit into the post-mortem."""
    label = kind._meta.label_lower
    if label not in MOST_RECORDS:
        return
    seq = number_of(f"incident:{postmortem}")
    characters = longer + sum(map(len, texts))
    if not _surely_fits(postmortem, label, seq, len(texts), characters):
        _refuse_unless_fits(kind, _count(kind, postmortem, seq), len(texts), characters)


def check_record(record: VersionedRecord, *, is_new: bool, characters: int) -> None:
    """The same for one record of a post-mortem that is added, or gets so many `characters` longer."""
    if isinstance(record, Record):
        texts = [getattr(record, "text", "")] if is_new else []
        check(type(record), record.postmortem_id, texts, longer=0 if is_new else characters)


def _surely_fits(postmortem: int, label: str, seq: int, records: int, characters: int) -> bool:
    census = _counted.get((postmortem, label), _NOTHING)
    since = seq - census.seq
    return (
        since >= 0
        and census.records + since + records <= MOST_RECORDS[label]
        and census.characters + since * LONGEST_TEXT_CHARACTERS + characters <= MOST_CHARACTERS
    )


def _refuse_unless_fits(kind: type[Record], census: _Census, records: int, characters: int) -> None:
    most = MOST_RECORDS[kind._meta.label_lower]
    if records and census.records + records > most:
        raise DomainError(
            f"A post-mortem holds {most:,} {kind._meta.verbose_name_plural} at most, and {census.records:,} are here. "
            "All of them are kept; nothing was added. Remove some that nobody needs, then add this again."
        )
    if census.characters + characters > MOST_CHARACTERS:
        raise DomainError(
            f"The texts of a post-mortem hold {MOST_CHARACTERS:,} characters at most, and there are "
            f"{census.characters:,}. All of them are kept; this was not saved. Remove or shorten what nobody needs, "
            "then save it again."
        )


def _count(kind: type[Record], postmortem: int, seq: int) -> _Census:
    """Exactly what is there now."""
    characters, records = 0, 0
    for label in MOST_RECORDS:
        there = apps.get_model(label)._default_manager.filter(postmortem=postmortem, removed_at=None)
        found = there.aggregate(records=Count("pk"), characters=Sum(Length("text")))
        characters += found["characters"] or 0
        if label == kind._meta.label_lower:
            records = found["records"]
    if len(_counted) >= _REMEMBERED_COUNTS:
        _counted.clear()
    census = _counted[postmortem, kind._meta.label_lower] = _Census(seq, records, characters)
    return census
