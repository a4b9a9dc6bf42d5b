"""Keeping patterns up to date, done by the worker."""

from __future__ import annotations

from django_tasks import task

from followthrough.patterns import operations
from followthrough.patterns.models import Stale


@task()
def refresh(key: int) -> str:
    """Brings up to date what is drawn from one incident, unless that was done meanwhile."""
    if not Stale.objects.filter(pk=key).exists():
        return "nothing to do"
    operations.refresh_incident(key)
    return "refreshed"


def refresh_patterns() -> None:
    """Once a night: the twelve months have moved on, and nothing may have been missed."""
    operations.refresh_all()
