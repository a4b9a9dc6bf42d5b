"""Keeping the index whole, done by the worker."""

from __future__ import annotations

from followthrough.search import operations


def refresh_stale() -> None:
    """Every minute: texts that people write together."""
    operations.refresh_stale()


def fill() -> None:
    """Once a day, and first when the worker starts after an upgrade: what the index does not hold yet."""
    operations.fill()
