"""Keeping patterns up to date, done by the worker."""

from __future__ import annotations

from django_tasks import task

from followthrough.incidents.models import Incident
from followthrough.jobs.scheduler import make_due
from followthrough.patterns.operations import proposals, refresh

PROPOSING = "patterns.propose"


def refresh_queued() -> None:
    """Every minute: looks at the incidents that changed, and has those that sound alike proposed next."""
    if refresh.refresh_queued() and proposals.is_outdated():
        make_due(PROPOSING)


def refresh_patterns() -> None:
    """Once a night: the twelve months have moved on, and nothing may have been missed."""
    refresh.refresh_all()


def propose_patterns() -> None:
    """As incidents come or change, and every hour for want of a change: proposes those that sound alike."""
    proposals.propose_patterns()


@task()
def tell_of_strikes(key: int) -> str:
    """As an incident is reported: tells who answers for fixes of what it is much alike."""
    from followthrough.patterns.operations import strikes  # noqa: PLC0415 - brings numpy

    incident = Incident.objects.filter(pk=key).first()
    return f"{len(strikes.note_strikes(incident)) if incident else 0} told of"
