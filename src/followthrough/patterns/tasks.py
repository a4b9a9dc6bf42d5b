"""Keeping patterns up to date, done by the worker."""

from __future__ import annotations

from followthrough.patterns import operations, proposals


def catch_up() -> None:
    """Every minute: looks at the incidents that changed."""
    operations.catch_up()


def refresh_patterns() -> None:
    """Once a night: the twelve months have moved on, and nothing may have been missed."""
    operations.refresh_all()


def propose_patterns() -> None:
    """Every hour, where incidents came or changed: proposes those that sound alike."""
    proposals.propose()
