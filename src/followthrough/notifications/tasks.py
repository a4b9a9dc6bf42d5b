"""What is done after a change of settings, by the worker."""

from __future__ import annotations

from django_tasks import task

from followthrough.notifications.operations import escalation


@task()
def refresh_deadlines() -> None:
    """Sets every deadline anew; may be repeated."""
    escalation.refresh_all_deadlines()
