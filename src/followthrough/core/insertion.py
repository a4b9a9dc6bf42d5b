"""New rows by one prepared statement for each model: Django's compiler takes longer than the database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper


def insert(rows: Sequence[models.Model]) -> None:
    """Writes `rows`, all of one model whose keys are known or not needed; no signals are sent.

    IntegrityError as `save` would; then the surrounding savepoint has to be left.
    """
    if not rows:
        return
    statement, fields = _prepared(type(rows[0]))
    database = connections[DEFAULT_DB_ALIAS]
    with database.cursor() as cursor:
        cursor.executemany(statement, [_values(row, fields, database) for row in rows])
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _prepared(model: type[models.Model]) -> tuple[str, list[Any]]:
    """The statement and the fields it writes; a number that the database gives is left to it."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", fields  # noqa: S608


def _values(row: models.Model, fields: Sequence[Any], database: BaseDatabaseWrapper) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, add=True), database) for field in fields]
