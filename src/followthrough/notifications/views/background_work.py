"""The background work: a page for administrators."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_tasks.base import TaskResultStatus

from followthrough.core.errors import DomainError
from followthrough.jobs import task_queue
from followthrough.jobs.scheduler import turns
from followthrough.jobs.work_claims import alive_workers
from followthrough.jobs.worker import regular_jobs
from followthrough.notifications import operations, queries
from followthrough.notifications.models import Message
from followthrough.people.access import PersonRequest, for_administrators

SHOWN = 100


@require_safe
@for_administrators
def work(request: PersonRequest) -> HttpResponse:
    """Regular jobs with how late they are, tasks that wait, run and failed, and mail that failed."""
    now = timezone.now()
    context = {
        "turns": turns(regular_jobs(), now=now),
        "workers": alive_workers(),
        "queue": task_queue.queue(now=now),
        "waiting": task_queue.tasks_in(TaskResultStatus.READY),
        "running": task_queue.tasks_in(TaskResultStatus.RUNNING),
        "failed": task_queue.tasks_in(TaskResultStatus.FAILED),
        "outbox": queries.outbox(now=now),
        "failed_mail": queries.failed_mail()[:SHOWN],
        "mail_on": bool(settings.EMAIL_HOST),
        "lateness": queries.deadline_lateness(now=now),
    }
    return render(request, "notifications/background_work.html", context)


@require_POST
@for_administrators
def retry(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Puts a failed task back into the queue."""
    try:
        task_queue.retry_failed(pk)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The task is tried again within moments.")
    return redirect("work")


@require_POST
@for_administrators
def resend(request: PersonRequest, pk: int) -> HttpResponse:
    """Sends one failed mail again."""
    return _resent(request, operations.resend(Message.objects.filter(pk=pk)))


@require_POST
@for_administrators
def resend_all(request: PersonRequest) -> HttpResponse:
    """Sends every failed mail again."""
    return _resent(request, operations.resend(Message.objects.all()))


def _resent(request: PersonRequest, number: int) -> HttpResponse:
    if number:
        messages.success(request, f"{number} mail{'' if number == 1 else 's'} on the way again.")
    else:
        messages.error(request, "Nothing is left to send again; somebody was faster.")
    return redirect("work")
