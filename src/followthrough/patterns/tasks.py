"""Keeping patterns up to date, done by the worker."""

from __future__ import annotations

from django_tasks import task

from followthrough.incidents.models import Incident
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


@task()
def tell_of_strikes(key: int) -> str:
    """As an incident is reported: tells who answers for fixes of what it is much alike."""
    from followthrough.patterns.operations import strikes  # noqa: PLC0415 - brings numpy

    incident = Incident.objects.filter(pk=key).first()
    return f"{len(strikes.note_strikes(incident)) if incident else 0} told of"
