"""Full-text search over incidents, newest first, the same on SQLite (FTS5) and PostgreSQL (tsvector).

Matches come in the order of `SearchText.position`, which packs when an incident began and its key into one number,
so that a page of matches costs the same however many there are. Triggers keep SQLite's index in step with the table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice

from django.db import connection
from django.db.models import QuerySet, prefetch_related_objects

from followthrough.core.bulk_insert import bulk_insert
from followthrough.core.errors import DomainError
from followthrough.core.pagination import Page
from followthrough.incidents.models import LONGEST_SEARCHED, Incident, SearchText

KEY_BITS = 30
KEY_MASK = (1 << KEY_BITS) - 1
ORIGIN = datetime(1, 1, 1, tzinfo=UTC)
RELATIONS = ("services", "teams", "tags")
MAX_QUERY_WORDS = 12
SQLITE = """SELECT rowid FROM incidents_search WHERE incidents_search MATCH %s AND rowid {beyond} %s
    ORDER BY rowid {direction} LIMIT %s"""
POSTGRESQL = """SELECT position FROM incidents_searchtext WHERE vector @@ to_tsquery('simple', %s)
    AND position {beyond} %s ORDER BY position {direction} LIMIT %s"""


def index(incidents: Iterable[Incident]) -> None:
    """Writes what is searched of these saved incidents: title, text, source, tags, services and teams."""
    rows = iter(incidents)
    while chunk := list(islice(rows, 500)):
        prefetch_related_objects(chunk, *RELATIONS)
        SearchText.objects.bulk_create(
            [_text_of(row, _names_around(row)) for row in chunk],
            update_conflicts=True,
            unique_fields=["incident"],
            update_fields=["position", "body"],
        )


def index_new(incident: Incident, names: Iterable[str]) -> None:
    """The same for one that was saved just now, with the names of its services, teams and tags."""
    bulk_insert([_text_of(incident, names)])


def position_of(incident: Incident) -> int:
    """Minutes since the year 1 above the key: later beginnings, then later keys, are greater."""
    minutes = int((incident.began_at - ORIGIN).total_seconds() // 60)
    return minutes << KEY_BITS | incident.pk


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
    incidents = rows.in_bulk([position & KEY_MASK for position in found])
    return Page(
        [incidents[position & KEY_MASK] for position in found],
        after=str(found[-1]) if found and has_next else "",
        before=str(found[0]) if found and has_previous else "",
    )


def newest_matches(text: str, limit: int) -> list[int]:
    """Keys of the `limit` newest incidents that match, whoever may see them."""
    return [position & KEY_MASK for position in _matching(text, cursor=None, falling=True, limit=limit)]


def _collect(
    rows: QuerySet[Incident], text: str, *, cursor: int | None, falling: bool, limit: int
) -> list[int]:
    """Positions of the first `limit` matches that are among `rows`, in ever larger bites."""
    kept: list[int] = []
    bite = limit
    while len(kept) < limit:
        positions = _matching(text, cursor=cursor, falling=falling, limit=bite)
        keys = [position & KEY_MASK for position in positions]
        allowed = set(rows.order_by().filter(pk__in=keys).values_list("pk", flat=True))
        kept += [position for position in positions if position & KEY_MASK in allowed]
        if len(positions) < bite:
            break
        cursor, bite = positions[-1], min(bite * 4, 2000)
    return kept[:limit]


def _matching(text: str, *, cursor: int | None, falling: bool, limit: int) -> list[int]:
    words = re.findall(r"[^\W_]+", _without_accents(text))[:MAX_QUERY_WORDS]
    if not words:
        return []
    if connection.vendor == "postgresql":
        sql, expression = POSTGRESQL, " & ".join(f"'{word}':*" for word in words)
    else:
        sql, expression = SQLITE, " ".join(f'"{word}"*' for word in words)
    if cursor is None:
        cursor = (1 << 63) - 1 if falling else -1
    sql = sql.format(beyond="<" if falling else ">", direction="DESC" if falling else "ASC")
    with connection.cursor() as query:
        query.execute(sql, [expression, cursor, limit])
        return [row[0] for row in query.fetchall()]


def _names_around(incident: Incident) -> list[str]:
    return [str(row) for name in RELATIONS for row in getattr(incident, name).all()]


def _text_of(incident: Incident, names: Iterable[str]) -> SearchText:
    return SearchText(incident=incident, position=position_of(incident), body=_body(incident, names))


def _body(incident: Incident, names: Iterable[str]) -> str:
    parts = [incident.title, *names, incident.source_title, incident.what_happened]
    return _without_accents("\n".join(part for part in parts if part))[:LONGEST_SEARCHED]


def _without_accents(text: str) -> str:
    """ "café" as "cafe", alike on both databases."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
    )


def _read(cursor: str) -> int | None:
    if not cursor:
        return None
    if not re.fullmatch(r"[0-9]{1,19}", cursor):
        raise DomainError("That page address is not complete. Open the list again from the menu.")
    return min(int(cursor), (1 << 63) - 1)
