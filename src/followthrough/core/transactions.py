"""Django's atomic, with one savepoint for a command and the operations in it: each costs two statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
T = TypeVar("T")

_in_command = ContextVar("in_command", default=False)


@contextmanager
def command_savepoint() -> Iterator[None]:
    """A savepoint in the transaction around it; what fails inside leaves nothing behind."""
    with transaction.atomic():
        token = _in_command.set(True)
        try:
            yield
        finally:
            _in_command.reset(token)


def atomic(operation: Callable[P, T]) -> Callable[P, T]:
    """Like `transaction.atomic`, but inside a `command` that savepoint is enough: its failure is the command's."""

    @wraps(operation)
    def carry_out(*args: P.args, **kwargs: P.kwargs) -> T:
        if _in_command.get():
            return _or_fail_with_it(operation, *args, **kwargs)
        with transaction.atomic():
            return operation(*args, **kwargs)

    return carry_out


def part(operation: Callable[P, T]) -> Callable[P, T]:
    """Part of the transaction around it, which cannot succeed without it; where there is none, one of its own."""

    @wraps(operation)
    def carry_out(*args: P.args, **kwargs: P.kwargs) -> T:
        if transaction.get_connection().in_atomic_block:
            return _or_fail_with_it(operation, *args, **kwargs)
        with transaction.atomic():
            return operation(*args, **kwargs)

    return carry_out


def _or_fail_with_it(operation: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return operation(*args, **kwargs)
    except Exception:
        transaction.set_rollback(True)
        raise
