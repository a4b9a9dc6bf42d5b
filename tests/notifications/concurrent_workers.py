"""Runs in a process of its own, with its settings on some engine: two workers remind and mail at once, a third is killed
between claiming mail and sending it."""

from __future__ import annotations

import os
import sys
import threading
import time
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "followthrough.config.settings"
django.setup()

from django.db import connections  # noqa: E402 - Django is set up first
from django.db.models import QuerySet  # noqa: E402
from django.utils import timezone  # noqa: E402

from followthrough.actions.models import ActionItem  # noqa: E402
from followthrough.jobs.work_claims import Backoff  # noqa: E402
from followthrough.jobs.worker import Worker  # noqa: E402
from followthrough.notifications.models import Deadline, Message  # noqa: E402
from followthrough.notifications.operations import escalation, outbox  # noqa: E402
from followthrough.people.models import User  # noqa: E402
from tests.factories import make_postmortem  # noqa: E402

NUMBER = 80
DOMAIN = "rush.example.org"
LONGEST = 200.0
"""Seconds after which workers that still find something to do never end; a quiet machine takes five."""


def concurrent_workers() -> int:
    """Makes NUMBER reminders due and lets two workers loose; 0 once all are sent and nothing waits any more."""
    make_due()
    for work in (send_one_batch, claim_and_die):
        wait_for(apart(work))
    workers = [apart(work_until_done), apart(work_until_done)]
    for worker in workers:
        wait_for(worker)
    left = told().filter(mailed_at=None).values_list("mail_after", "mail_worker", "mail_error")
    sys.stderr.write(f"{told().count()} told, not sent: {list(left)}\n")
    return 0 if told().count() == NUMBER and not left else 1


def told() -> QuerySet[Message]:
    """What these people were told; the sample's own do not count."""
    return Message.objects.filter(person__email__endswith=DOMAIN)


def make_due() -> None:
    """One action for each of NUMBER people who are always at work, due today."""
    always = {"work_starts": "00:00", "work_ends": "23:59:59", "working_days": list(range(7))}
    people = User.objects.bulk_create(
        User(email=f"p{n}@{DOMAIN}", name=f"Person {n}", **always) for n in range(NUMBER)
    )
    postmortem, first = make_postmortem(), 100_000
    ActionItem.objects.bulk_create(
        ActionItem(
            number=first + n,
            postmortem=postmortem,
            text="Alert at 80 % of the pool",
            state="committed",
            owner=person,
            due_on=timezone.localdate(),
        )
        for n, person in enumerate(people)
    )
    escalation.refresh_deadlines("action", range(first, first + NUMBER))
    now = timezone.now()
    due = Deadline.objects.filter(kind="action", subject__gte=first)
    due.update(since=now - timedelta(days=30), next_at=now)


def apart(work: object) -> int:
    """Runs `work` in a process of its own; its number."""
    connections.close_all()
    if child := os.fork():
        return child
    work()  # type: ignore[operator]
    os._exit(0)


def wait_for(child: int) -> None:
    os.waitpid(child, 0)


def send_one_batch() -> None:
    escalation._send_batch()


def claim_and_die() -> None:
    """Between the claim and the first mail."""
    assert outbox._claim(Worker([], threading.Event()).name)
    os._exit(9)


def work_until_done() -> None:
    outbox.RETRY_BACKOFF = Backoff([timedelta()])  # a busy machine that answers late is asked again at once
    stop, until = threading.Event(), time.monotonic() + LONGEST
    worker = Worker([], stop, [outbox.send_waiting])
    waiting = told().filter(mail_after__isnull=False)
    while time.monotonic() < until:
        outbox.reclaim_orphaned_mail()
        if not (escalation.send_due_reminders() or worker.follow_streams() or waiting.exists()):
            return


if __name__ == "__main__":
    sys.exit(concurrent_workers())
