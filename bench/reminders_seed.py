"""Fills a data folder with open actions and deadlines, measures a pass that finds nothing due, then makes some due.

Prints the median of the pass in milliseconds.
"""

from __future__ import annotations

import statistics
import threading
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django is set up first
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.reminders import ACTIONS, MAILS, PROMISES  # noqa: E402
from followthrough.actions.models import ActionItem  # noqa: E402
from followthrough.incidents.models import Incident, Severity  # noqa: E402
from followthrough.notifications.models import Deadline  # noqa: E402
from followthrough.notifications.operations import escalation, outbox  # noqa: E402
from followthrough.people.models import Membership, Team, User  # noqa: E402
from followthrough.postmortems.models import PostMortem, Promise  # noqa: E402

ROUNDS = 40
PEOPLE, TEAMS = 400, 40


def main() -> None:
    """Seeds, measures, and makes MAILS reminders due."""
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        seed()
    print(statistics.median(measure() for _ in range(ROUNDS)))
    make_due()


def seed() -> None:
    """Everything waits for a day far ahead."""
    now = timezone.now()
    always = {"work_starts": "00:00", "work_ends": "23:59:59", "working_days": list(range(7))}
    people = User.objects.bulk_create(
        User(email=f"p{n}@example.org", name=f"Person {n}", **always) for n in range(PEOPLE)
    )
    teams = Team.objects.bulk_create(Team(name=f"Team {n}", slug=f"team-{n}") for n in range(TEAMS))
    Membership.objects.bulk_create(
        Membership(person=person, team=teams[n % TEAMS], leads=n < TEAMS) for n, person in enumerate(people)
    )
    severity = Severity.objects.get_or_create(name="SEV2", defaults={"rank": 2})[0]
    incidents = Incident.objects.bulk_create(
        Incident(title=f"Incident {n}", severity=severity, began_at=now, ended_at=now, status="resolved")
        for n in range(PROMISES)
    )
    reviews = PostMortem.objects.bulk_create(
        PostMortem(incident=row, facilitator=people[n % PEOPLE]) for n, row in enumerate(incidents)
    )
    Promise.objects.bulk_create(
        Promise(postmortem=row, kind="summary", due_at=now + timedelta(days=90)) for row in reviews
    )
    ActionItem.objects.bulk_create(
        ActionItem(
            number=n + 1,
            postmortem=reviews[n % PROMISES],
            text=f"Alert at 80 % of pool number {n}",
            state="committed",
            owner=people[n % PEOPLE],
            due_on=now.date() + timedelta(days=60 + n % 300),
        )
        for n in range(ACTIONS)
    )
    escalation.add_missing_deadlines()


def measure() -> float:
    """Milliseconds of processor time of all that the worker looks at when nothing is due."""
    began = time.process_time()
    if (
        escalation.send_due_reminders()
        or outbox.reclaim_orphaned_mail()
        or outbox.send_waiting("bench:1:a", threading.Event())
    ):
        raise SystemExit("Something was due, which should not be.")
    return (time.process_time() - began) * 1000


def make_due() -> None:
    """The first MAILS actions are due today."""
    today, now = timezone.localdate(), timezone.now()
    ActionItem.objects.filter(number__lte=MAILS).update(due_on=today)
    due_at = datetime.combine(today, clock(), UTC)
    Deadline.objects.filter(kind="action", subject__lte=MAILS).update(
        due_at=due_at, since=now - timedelta(days=30), said=["before"], next_at=now
    )
    Deadline.objects.filter(kind="digest").update(next_at=None)


if __name__ == "__main__":
    main()
