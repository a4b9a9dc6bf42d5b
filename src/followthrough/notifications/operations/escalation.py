"""Escalation of reminders: what is due goes to its owner, then to the lead, then to administrators, each once.

Rooms above register an EscalationPolicy for each kind of deadline. The row of a deadline holds when somebody next hears of it, so
that a pass which finds nothing due is one look at an index. Moving a deadline on and notifying are one transaction: after a crash
both happened or neither, and the messages' keys keep a repeated one from being sent again.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from followthrough.notifications.models import Deadline, ReminderSettings
from followthrough.notifications.operations import Notification, notify_all, withdraw_mail

log = logging.getLogger(__name__)

BATCH_ROWS = 500
REMINDERS_PER_TRANSACTION = 100
"""Reminders sent in one transaction, so that others that write wait only moments."""
RETRY_AFTER = timedelta(hours=1)
OWNER = "owner"
_NAMES = ["kind", "subject"]
_CONTENTS = ["due_at", "since", "sent_steps", "next_at", "snoozed_until"]


@dataclass(frozen=True)
class EscalationStep:
    """One step: its `name` within the policy, `at` when, and `to` whom, such as OWNER."""

    name: str
    at: datetime
    to: str = ""


@dataclass(frozen=True)
class Schedule:
    """How one deadline stands: `notify(step, key)` gives the notifications; steps before the deadline was set are
    left out, but for those within `grace` of it."""

    due_at: datetime
    steps: tuple[EscalationStep, ...]
    notify: Callable[[EscalationStep, str], Iterable[Notification]]
    grace: timedelta = timedelta()


@dataclass(frozen=True)
class EscalationPolicy:
    """One kind of deadline. `load` gives the schedule of each subject that still
    waits, in a fixed number of queries;
    `missing(after, at_most)` the subjects above `after` that should have a deadline and have none, in order."""

    kind: str
    load: Callable[[Collection[int], ReminderSettings], dict[int, Schedule]]
    missing: Callable[[int, int], Iterable[int]]


_policies: dict[str, EscalationPolicy] = {}


def register(policy: EscalationPolicy) -> None:
    """Called once per kind, from an AppConfig's ready()."""
    _policies[policy.kind] = policy


def reminder_settings() -> ReminderSettings:
    """The organisation's settings, or the defaults."""
    return ReminderSettings.objects.first() or ReminderSettings()


def about(kind: str, subject: int) -> str:
    """What messages of a deadline are marked with."""
    return f"{kind}:{subject}"


@transaction.atomic
def refresh_deadlines(kind: str, subjects: Collection[int]) -> None:
    """Brings deadlines in line with their subjects after a change; what is over is forgotten, its mail withdrawn."""
    schedules = _policies[kind].load(subjects, reminder_settings())
    known = Deadline.objects.select_for_update().filter(kind=kind, subject__in=subjects)
    rows = {row.subject: row for row in known}
    _forget(kind, [rows[subject] for subject in rows.keys() - schedules.keys()])
    now = timezone.now()
    _save([_row(kind, subject, schedule, rows.get(subject), now) for subject, schedule in schedules.items()])


def _save(rows: list[Deadline]) -> None:
    """Inserts or overwrites them, in one statement per batch."""
    fresh = [Deadline(**{name: getattr(row, name) for name in (*_NAMES, *_CONTENTS)}) for row in rows]
    Deadline.objects.bulk_create(
        fresh, batch_size=BATCH_ROWS, update_conflicts=True, unique_fields=_NAMES, update_fields=_CONTENTS
    )


def _row(kind: str, subject: int, schedule: Schedule, known: Deadline | None, now: datetime) -> Deadline:
    """The deadline as it should be; one whose date moved begins its steps anew."""
    row = Deadline(kind=kind, subject=subject, due_at=schedule.due_at, since=now - schedule.grace)
    if known and known.due_at == schedule.due_at:
        row.since, row.sent_steps, row.snoozed_until = known.since, known.sent_steps, known.snoozed_until
    following = _next_at(row, schedule)
    row.next_at = max(following, now) if following else None
    return row


def _forget(kind: str, rows: list[Deadline]) -> None:
    if rows:
        Deadline.objects.filter(pk__in=[row.pk for row in rows]).delete()
        withdraw_mail([about(kind, row.subject) for row in rows])


def _unsent_steps(row: Deadline, schedule: Schedule) -> Iterator[EscalationStep]:
    for step in _steps(row, schedule):
        if step.name not in row.sent_steps and step.at > row.since:
            yield step


def _steps(row: Deadline, schedule: Schedule) -> Iterator[EscalationStep]:
    """The steps; while it is snoozed its owner hears nothing, and then of it anew."""
    snoozed = row.snoozed_until
    for step in schedule.steps:
        if not (snoozed and step.to == OWNER and step.at < snoozed):
            yield step
    if snoozed:
        yield EscalationStep(f"snoozed-{snoozed:%Y%m%dT%H%M}", snoozed, OWNER)


def _next_at(row: Deadline, schedule: Schedule) -> datetime | None:
    return min((step.at for step in _unsent_steps(row, schedule)), default=None)


def send_due_reminders() -> int:
    """Tells what has come due, batch by batch; returns how many deadlines moved on."""
    moved = 0
    while subjects := _send_batch():
        moved += subjects
    return moved


def _send_batch() -> int:
    """One batch in one transaction; where it fails each deadline is tried alone, so that one stuck holds up no other."""
    due = Deadline.objects.filter(next_at__lte=timezone.now()).order_by("next_at", "pk")
    if not due.exists():
        return 0
    try:
        with transaction.atomic():
            rows = list(_unclaimed(due)[:REMINDERS_PER_TRANSACTION])
            _send(rows)
            return len(rows)
    except Exception:
        log.exception("Some reminders could not be sent together; each is tried alone.")
    keys = list(due.values_list("pk", flat=True)[:REMINDERS_PER_TRANSACTION])
    for key in keys:
        _send_alone(key)
    return len(keys)


def _send_alone(key: int) -> None:
    try:
        with transaction.atomic():
            _send(list(_unclaimed(Deadline.objects.filter(pk=key, next_at__lte=timezone.now()))))
    except Exception:
        log.exception("A reminder could not be sent; it is tried again in an hour.")
        Deadline.objects.filter(pk=key).update(next_at=timezone.now() + RETRY_AFTER)


def _unclaimed(rows: QuerySet[Deadline]) -> QuerySet[Deadline]:
    """Those that no other worker sends at this moment. SQLite's transactions are alone already."""
    return rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)


def _send(rows: list[Deadline]) -> None:
    now, settings = timezone.now(), reminder_settings()
    by_kind: dict[str, list[Deadline]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    notifications: list[Notification] = []
    for kind, deadlines in by_kind.items():
        schedules = _policies[kind].load([row.subject for row in deadlines], settings)
        _forget(kind, [row for row in deadlines if row.subject not in schedules])
        going_on = [row for row in deadlines if row.subject in schedules]
        for row in going_on:
            notifications += _send_due_steps(row, schedules[row.subject], now)
        _save(going_on)
    notify_all(notifications)


def _send_due_steps(row: Deadline, schedule: Schedule, now: datetime) -> list[Notification]:
    """Sends every step whose time has come. After a pause several have; then each person hears only the last."""
    due = sorted((step for step in _unsent_steps(row, schedule) if step.at <= now), key=lambda step: step.at)
    heard: dict[int, list[Notification]] = {}
    for step in due:
        key = f"{row.kind}:{row.subject}:{schedule.due_at:%Y%m%dT%H%M}:{step.name}"
        notifications = list(schedule.notify(step, key))
        heard |= {one.person.pk: [] for one in notifications}
        for one in notifications:
            heard[one.person.pk].append(one)
    known = {step.name for step in _steps(row, schedule)}
    row.sent_steps = [name for name in row.sent_steps if name in known] + [step.name for step in due]
    row.next_at = _next_at(row, schedule)
    return [one for notifications in heard.values() for one in notifications]


@transaction.atomic
def snooze(kind: str, subject: int, *, until: datetime) -> None:
    """The owner hears nothing before `until`, and then once more; what goes to others is not held up."""
    row = Deadline.objects.select_for_update().filter(kind=kind, subject=subject).first()
    schedule = _policies[kind].load([subject], reminder_settings()).get(subject)
    if row and schedule:
        row.snoozed_until = until
        row.next_at = _next_at(row, schedule)
        row.save(update_fields=["snoozed_until", "next_at"])
        withdraw_mail([about(kind, subject)])


def add_missing_deadlines() -> int:
    """Gives a deadline to everything that should have one and was written without; returns how many."""
    found = 0
    for policy in _policies.values():
        last = 0
        while subjects := list(policy.missing(last, BATCH_ROWS)):
            refresh_deadlines(policy.kind, subjects)
            found, last = found + len(subjects), subjects[-1]
    return found


def refresh_all_deadlines() -> None:
    """Sets every deadline anew, after the settings changed."""
    for kind in _policies:
        last = 0
        while subjects := _after(kind, last):
            refresh_deadlines(kind, subjects)
            last = subjects[-1]


def _after(kind: str, last: int) -> list[int]:
    rows = Deadline.objects.filter(kind=kind, subject__gt=last).order_by("subject")
    return list(rows.values_list("subject", flat=True)[:BATCH_ROWS])
