"""Words in incidents, newest first: pages of those that match, from the index that everything is searched by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from django.db.models import QuerySet, prefetch_related_objects

from followthrough.core.errors import DomainError
from followthrough.core.pagination import Page
from followthrough.incidents.models import Incident
from followthrough.incidents.passages import RELATIONS, incident_passage
from followthrough.search import operations as searched
from followthrough.search.models import Passage
from followthrough.search.queries.index import ID_MASK, places_of
from followthrough.search.words import terms_of

KIND = "incident"


def index(incidents: Iterable[Incident]) -> None:
    """Writes what is searched of these saved incidents: title, text, source, tags, services and teams."""
    rows = iter(incidents)
    while chunk := list(islice(rows, searched.BATCH_ROWS)):
        prefetch_related_objects(chunk, *RELATIONS)
        searched.keep([incident_passage(row) for row in chunk])


def index_new(incident: Incident, names: Iterable[str]) -> None:
    """The same for one that was saved just now, with the names of its services, teams and tags."""
    searched.keep([incident_passage(incident, names)])


def key_in(text: str) -> int | None:
    """148 for "INC-148" or "inc 148", if that is all the text says."""
    found = re.fullmatch(r"\s*inc[-\s]?([0-9]{1,9})\s*", text, re.IGNORECASE)
    return int(found[1]) if found else None


def take_matches(
    rows: QuerySet[Incident], text: str, *, size: int, after: str = "", before: str = "", oldest: bool = False
) -> Page[Incident]:
    """One page of those of `rows` that hold every word of `text` (or words that begin so)."""
    back = bool(before) and not after
    cursor = _read(after or before)
    found = _collect(rows, text, cursor=cursor, falling=oldest == back, limit=size + 1)
    more, found = len(found) > size, found[:size]
    if back:
        found.reverse()
    has_next, has_previous = (cursor is not None, more) if back else (more, cursor is not None)
    keys = _keys_of(found)
    incidents = rows.in_bulk(list(keys.values()))
    return Page(
        [incidents[keys[place]] for place in found],
        after=str(found[-1]) if found and has_next else "",
        before=str(found[0]) if found and has_previous else "",
    )


def newest_matches(text: str, limit: int) -> list[int]:
    """Keys of the `limit` newest incidents that match, whoever may see them."""
    return list(_keys_of(_matching(text, cursor=None, falling=True, limit=limit)).values())


def _collect(
    rows: QuerySet[Incident], text: str, *, cursor: int | None, falling: bool, limit: int
) -> list[int]:
    """Places of the first `limit` matches that are among `rows`, in ever larger bites."""
    kept: list[int] = []
    bite = limit
    while len(kept) < limit:
        places = _matching(text, cursor=cursor, falling=falling, limit=bite)
        keys = _keys_of(places)
        allowed = set(rows.order_by().filter(pk__in=keys.values()).values_list("pk", flat=True))
        kept += [place for place in places if keys.get(place) in allowed]
        if len(places) < bite:
            break
        cursor, bite = places[-1], min(bite * 4, 2000)
    return kept[:limit]


def _matching(text: str, *, cursor: int | None, falling: bool, limit: int) -> list[int]:
    terms = terms_of(text)
    return places_of(KIND, [terms] if terms else [], cursor=cursor, falling=falling, limit=limit)


def _keys_of(places: Iterable[int]) -> dict[int, int]:
    """{place in the index: key of its incident}, in that order."""
    wanted = {place & ID_MASK: place for place in places}
    rows = dict(Passage.objects.filter(pk__in=wanted).values_list("pk", "key"))
    return {place: int(rows[key]) for key, place in wanted.items() if key in rows}


def _read(cursor: str) -> int | None:
    if not cursor:
        return None
    if not re.fullmatch(r"[0-9]{1,19}", cursor):
        raise DomainError("That page address is not complete. Open the list again from the menu.")
    return min(int(cursor), (1 << 63) - 1)
