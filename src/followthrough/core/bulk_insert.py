"""Bulk INSERT by one prepared statement for each model: Django's compiler takes longer than the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

_Place = tuple[Any, type | None]
"""A field, and the type of its values that a database takes as they are."""
_PLAIN: dict[type[Any], type] = {
    models.BigAutoField: int,
    models.BooleanField: bool,
    models.CharField: str,
    models.PositiveBigIntegerField: int,
    models.PositiveIntegerField: int,
    models.TextField: str,
}
_Waiting = dict[type[models.Model], list[list[Any]]]

_waiting: ContextVar[_Waiting | None] = ContextVar("waiting", default=None)


def bulk_insert(rows: Sequence[models.Model]) -> None:
    """Writes `rows`, all of one model whose keys are known or not needed; no signals are sent.

    IntegrityError as `save` would; then the surrounding savepoint has to be left. Inside `together` both come later.
    """
    if not rows:
        return
    model, database = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    places = _prepared(model)[1]
    values = [_values(row, places, database) for row in rows]
    waiting = _waiting.get()
    if waiting is None:
        _write(model, values)
    else:
        waiting[model].extend(values)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@contextmanager
def batched_inserts() -> Iterator[None]:
    """Rows inserted inside are written together: before the database is asked for anything else, and at the end."""
    waiting: _Waiting = defaultdict(list)

    def write_first(execute: Callable[..., Any], *statement: Any) -> Any:
        _write_all(waiting)
        return execute(*statement)

    token = _waiting.set(waiting)
    try:
        with connections[DEFAULT_DB_ALIAS].execute_wrapper(write_first):
            yield
            _write_all(waiting)
    finally:
        _waiting.reset(token)


def _write_all(waiting: _Waiting) -> None:
    taken = list(waiting.items())
    waiting.clear()
    for model, values in taken:
        _write(model, values)


def _write(model: type[models.Model], values: list[list[Any]]) -> None:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.executemany(_prepared(model)[0], values)


@cache
def _prepared(model: type[models.Model]) -> tuple[str, list[_Place]]:
    """The statement and what it writes; a number that the database gives is left to it."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    return statement, [(field, _PLAIN.get(type(getattr(field, "target_field", field)))) for field in fields]


def _values(row: models.Model, places: Sequence[_Place], database: BaseDatabaseWrapper) -> list[Any]:
    return [_value(field, plain, field.pre_save(row, add=True), database) for field, plain in places]


def _value(field: Any, plain: type | None, found: Any, database: BaseDatabaseWrapper) -> Any:
    if plain and (found is None or type(found) is plain):
        return found
    return field.get_db_prep_save(found, database)
