"""Keeping patterns up to date, done by the worker."""

from __future__ import annotations

from followthrough.patterns.operations import proposals, refresh


def refresh_queued() -> None:
    """Every minute: looks at the incidents that changed."""
    refresh.refresh_queued()


def refresh_patterns() -> None:
    """Once a night: the twelve months have moved on, and nothing may have been missed."""
    refresh.refresh_all()


def propose_patterns() -> None:
    """Every hour, where incidents came or changed: proposes those that sound alike."""
    proposals.propose_patterns()
