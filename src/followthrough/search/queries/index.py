"""What the database's index holds of words, newest first, of what who asks may know of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection

from followthrough.people.models import User
from followthrough.search.models import Passage, marked
from followthrough.search.sources import HEAD, RECORD, SHARED, SOURCES
from followthrough.search.words import Term

ID_BITS = 31
ID_MASK = (1 << ID_BITS) - 1
MOST_OF_TIER = {HEAD: 80, RECORD: 40, SHARED: 20}
"""So many of the newest that match take part in ranking."""
MOST_OF_WORD = 400
"""So many of the newest that hold the rarest word, where words may stand in several records of one incident."""
MAX_BITE = 2000
SQLITE = """SELECT rowid FROM search_index WHERE search_index MATCH %s AND rowid {beyond} %s
    ORDER BY rowid {direction} LIMIT %s"""
POSTGRESQL = """SELECT (moment << 31) | id AS place FROM search_passage WHERE vector @@ %s::tsquery
    AND ((moment << 31) | id) {beyond} %s ORDER BY place {direction} LIMIT %s"""

Asked = Sequence[Sequence[Term]]
"""Terms of which all of any one sequence must stand in a passage."""


def places_of(scope: str | None, asked: Asked, *, cursor: int | None, falling: bool, limit: int) -> list[int]:
    """Places (moment and key in one number) of the first passages that hold what is asked, of a kind, of a tier or of all."""
    if not asked:
        return []
    sql = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    sql = sql.format(beyond="<" if falling else ">", direction="DESC" if falling else "ASC")
    if cursor is None:
        cursor = (1 << 63) - 1 if falling else -1
    with connection.cursor() as query:
        query.execute(sql, [_expression(scope and marked(scope), asked), cursor, limit])
        return [row[0] for row in query.fetchall()]


def _expression(scope: str | None, asked: Asked) -> str:
    if connection.vendor == "postgresql":
        each = [
            " & ".join(f"'{token}'{':*' if begins else ''}" for token, begins in terms) for terms in asked
        ]
        matches = " | ".join(f"({one})" for one in each)
        return f"'{scope}' & ({matches})" if scope else matches
    each = [" AND ".join(f'"{token}"{"*" if begins else ""}' for token, begins in terms) for terms in asked]
    matches = " OR ".join(f"({one})" for one in each)
    return f'"{scope}" AND ({matches})' if scope else matches


def in_tiers(user: User, asked: Asked) -> list[Passage]:
    tiers = (HEAD, RECORD, SHARED) if user.is_member else (SHARED,)
    return [row for tier in tiers for row in visible(user, [tier], asked, limit=MOST_OF_TIER[tier])]


def visible(
    user: User, scopes: Collection[str | None], asked: Asked, *, limit: int, fields: Collection[str] = ()
) -> list[Passage]:
    """The newest that match among what `user` may know of, in ever larger bites; what is hidden changes nothing.

    With `fields` only those are read of each.
    """
    kept: list[Passage] = []
    for scope in scopes:
        cursor, bite = None, limit + 20
        while len(kept) < limit:
            places = places_of(scope, asked, cursor=cursor, falling=True, limit=bite)
            kept += _rows_at(user, places, fields)
            if len(places) < bite:
                break
            cursor, bite = places[-1], min(bite * 4, MAX_BITE)
    return kept[:limit]


def _rows_at(user: User, places: Sequence[int], fields: Collection[str]) -> list[Passage]:
    """In the order of `places`, those that `user` may know of."""
    rows = Passage.objects.only(*fields).in_bulk([place & ID_MASK for place in places])
    seen = seen_of(user, rows.values())
    return [rows[key] for place in places if (key := place & ID_MASK) in seen]


def seen_of(user: User, rows: Iterable[Passage]) -> set[int]:
    """Keys of those that `user` may know of; asked once for all kinds of one audience."""
    by_audience: dict[Any, list[Passage]] = defaultdict(list)
    for row in rows:
        by_audience[SOURCES[row.kind].seen_by].append(row)
    return {row.pk for seen_by, found in by_audience.items() for row in seen_by(user, found)}
