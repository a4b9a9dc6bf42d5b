"""A press of a button that is cut off half-way, as when the process is stopped between two writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from django.db.models import Model
from django.db.models.signals import pre_save


@contextmanager
def cut_off_at(model: type[Model], *, number: int = 1) -> Iterator[None]:
    """SystemExit at the write of the row of `model` with that `number`, counted from 1."""
    written = count(1)

    def stop(**_: object) -> None:
        if next(written) == number:
            raise SystemExit

    pre_save.connect(stop, sender=model)
    try:
        yield
    finally:
        pre_save.disconnect(stop, sender=model)
