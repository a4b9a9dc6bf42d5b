"""Telling how far long work has come."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""(done, total), called now and then."""


def silently(done: int, total: int) -> None:
    """Tells nobody."""
