"""Figures for Prometheus: how much waits, how late it is, what failed."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import compare_digest
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from followthrough.jobs import task_queue
from followthrough.jobs.scheduler import turns
from followthrough.jobs.work_claims import alive_workers
from followthrough.jobs.worker import regular_jobs
from followthrough.notifications import queries
from followthrough.people.models import User

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever has the token of the configuration, and for administrators."""
    if not _may_read(request):
        return HttpResponse(
            "Send the bearer token of FOLLOWTHROUGH_METRICS_TOKEN, or sign in as an administrator.\n",
            status=401,
            content_type="text/plain; charset=utf-8",
            headers={"WWW-Authenticate": "Bearer"},
        )
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest  # noqa: PLC0415 - only read here

    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return True
    person = request.user
    return isinstance(person, User) and person.is_active and person.is_administrator


def _registry() -> CollectorRegistry:
    from prometheus_client import CollectorRegistry, Gauge  # noqa: PLC0415 - only read here

    now, registry = timezone.now(), CollectorRegistry()
    tasks, mail = task_queue.queue(now=now), queries.outbox(now=now)

    def gauge(name: str, words: str, values: Mapping[str, float], label: str = "") -> None:
        found = Gauge(f"followthrough_{name}", words, [label] if label else [], registry=registry)
        for key, value in values.items():
            (found.labels(key) if label else found).set(value)

    states = {
        "waiting": tasks.waiting,
        "later": tasks.later,
        "running": tasks.running,
        "failed": tasks.failed,
    }
    gauge("tasks", "Tasks by state.", states, "state")
    gauge("mails", "Mails by state.", {"due": mail.due, "later": mail.later, "failed": mail.failed}, "state")
    gauge("workers", "Workers that are alive.", {"": alive_workers()})
    late = {
        "tasks": tasks.lateness,
        "mails": mail.lateness,
        "reminders": queries.deadline_lateness(now=now),
    }
    seconds = {name: span.total_seconds() for name, span in late.items()}
    gauge("lateness_seconds", "How long the oldest of what is due has waited.", seconds, "queue")
    jobs = {turn.job.name: turn.lateness.total_seconds() for turn in turns(regular_jobs(), now=now)}
    gauge("job_lateness_seconds", "How long each regular job should have run again.", jobs, "job")
    return registry
