"""Incidents that hold the words of a question in several of their records: one in the title, one in an entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.db.models import Case, Max, Q, QuerySet, Value, When

from followthrough.people.models import User
from followthrough.search.models import Passage
from followthrough.search.queries.index import MOST_OF_WORD, places_of, seen_of, visible
from followthrough.search.words import Term

MOST_COMPARED, MOST_FOUND = 150, 20
Word = Sequence[Term]
"""All of its terms stand in one record."""


@dataclass(frozen=True)
class Spread:
    """An incident and those of its records that hold what its title does not."""

    incident: Passage
    records: list[Passage]


def spread_over_records(user: User, asked: Sequence[Word], *, apart_from: Collection[int]) -> list[Spread]:
    """Incidents that `user` may know of, the newest first, whose records hold all words together.

    The rarest word leads: of one that is in more than MOST_OF_WORD records, the newest of those are looked at.
    """
    if len(asked) < 2 or not user.is_member or (rarest := _rarest(asked)) is None:
        return []
    rows = visible(user, [None], [rarest], limit=MOST_OF_WORD, fields=("kind", "key", "incident"))
    numbers = dict.fromkeys(row.incident for row in rows if row.incident and row.kind != "published")
    compared = [number for number in numbers if number not in apart_from][:MOST_COMPARED]
    found = _holding_all(compared, asked)
    return _with_records(user, found, asked) if found else []


def _rarest(asked: Iterable[Word]) -> Word | None:
    """None where there is a word that stands nowhere."""
    least: tuple[int, Word] | None = None
    for word in asked:
        count = len(places_of(None, [word], cursor=None, falling=True, limit=MOST_OF_WORD))
        if not count:
            return None
        least = (count, word) if least is None or count < least[0] else least
    return least and least[1]


def _holds(word: Word) -> Q:
    return reduce(and_, (Q(words__contains=f" {term.token}") for term in word))


def _records_of(incidents: Collection[int]) -> QuerySet[Passage]:
    return Passage.objects.filter(incident__in=incidents).exclude(kind="published")


def _holding_all(incidents: Collection[int], asked: Sequence[Word]) -> list[int]:
    each = {
        f"holds_{at}": Max(Case(When(_holds(word), then=Value(1)), default=Value(0)))
        for at, word in enumerate(asked)
    }
    found = _records_of(incidents).values("incident").annotate(**each).filter(**dict.fromkeys(each, 1))
    newest = found.order_by("-incident").values_list("incident", flat=True)[:MOST_FOUND]
    return [number for number in newest if number]


def _with_records(user: User, incidents: Collection[int], asked: Sequence[Word]) -> list[Spread]:
    """Looked at anew with what `user` may know of: answers wait until all are shown."""
    any_word = reduce(or_, map(_holds, asked))
    rows = list(_records_of(incidents).filter(any_word | Q(kind="incident")))
    seen = seen_of(user, rows)
    by_incident: dict[int | None, list[Passage]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.kind != "incident", row.moment)):
        if row.pk in seen:
            by_incident[row.incident].append(row)
    found = [spread for records in by_incident.values() if (spread := _covering(records, asked))]
    return sorted(found, key=lambda spread: -spread.incident.moment)


def _covering(rows: Sequence[Passage], asked: Sequence[Word]) -> Spread | None:
    """The fewest records, about, that together hold all words; the incident itself is the first of `rows`."""
    held = {row.pk: {at for at, word in enumerate(asked) if _is_held(word, row)} for row in rows}
    incident, *others = rows
    missing = set(range(len(asked))) - held[incident.pk]
    records: list[Passage] = []
    while missing:
        best = max(others, key=lambda row: len(held[row.pk] & missing), default=None)
        if best is None or not held[best.pk] & missing:
            return None
        missing -= held[best.pk]
        records.append(best)
    return Spread(incident, records) if incident.kind == "incident" else None


def _is_held(word: Word, row: Passage) -> bool:
    return all(f" {term.token}" in row.words for term in word)
