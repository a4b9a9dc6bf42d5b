"""Writing to the audit log, in the transaction of the change itself; a command's `op` makes it idempotent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models, transaction

from followthrough.activity.models import Activity, Topic
from followthrough.core.bulk_insert import bulk_insert
from followthrough.core.field_changes import Changes


class Loggable(Protocol):
    """A model whose changes are logged: it names the topic that its changes belong to."""

    pk: object

    @property
    def topic(self) -> str: ...


FORGET_BATCH_ROWS = 500
Subscriber = Callable[[Activity, models.Model], None]
Follower = Callable[[Sequence[tuple[Activity, models.Model]]], None]
"""Takes rows of one kind that are written at once, each with its record."""

_TAKE = (
    "INSERT INTO activity_topic (name, seq) VALUES (%s, %s)"
    " ON CONFLICT (name) DO UPDATE SET seq = activity_topic.seq + excluded.seq RETURNING seq"
)
_command: ContextVar[UUID | None] = ContextVar("command", default=None)
_gathered: ContextVar[LogBatch | None] = ContextVar("gathered", default=None)
_subscribers: dict[tuple[str, str], list[Subscriber]] = defaultdict(list)
_followers: dict[str, list[Follower]] = defaultdict(list)


class LogBatch:
    """Rows of one topic that are numbered at once and written together at the end of one transaction."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self.rows: list[Activity] = []
        self._subjects: dict[int, models.Model] = {}
        self._before = _next_seq(topic, 0)

    @property
    def seq(self) -> int:
        """The number of the newest row."""
        return self._before + len(self.rows)

    def add(self, row: Activity, subject: models.Model) -> None:
        self.rows.append(row)
        row.seq = self.seq
        self._subjects[row.seq] = subject

    def go_back(self, seq: int) -> None:
        """Forgets the rows after `seq`, whose changes were rolled back."""
        del self.rows[seq - self._before :]

    def fresh(self) -> dict[str, models.Model]:
        """Records, by their key, of which nothing else is told in these rows than that they were added."""
        told = Counter(row.record for row in self.rows)
        return {
            row.record: self._subjects[row.seq]
            for row in self.rows
            if row.verb == "added" and told[row.record] == 1
        }


@contextmanager
def log_batch(topic: str) -> Iterator[LogBatch]:
    """Rows recorded inside about `topic` are written together at its end; subscribers are told at once.

    Needs a transaction around it, until whose end the topic stays locked.
    """
    gathered = LogBatch(topic)
    token = _gathered.set(gathered)
    try:
        yield gathered
    finally:
        _gathered.reset(token)
    if gathered.rows:
        _next_seq(topic, len(gathered.rows))
        bulk_insert(gathered.rows)


@contextmanager
def caused_by_op(op: UUID) -> Iterator[None]:
    """The first row recorded inside carries `op`, so that a repeated command cannot be carried out again."""
    token = _command.set(op)
    try:
        yield
    finally:
        _command.reset(token)


def subscribe(kind: str, verb: str, subscriber: Subscriber) -> None:
    """Calls `subscriber(activity, record)` inside the transaction of each such change; from ready() only."""
    _subscribers[kind, verb].append(subscriber)


def follow(kind: str, follower: Follower) -> None:
    """Calls `follower` inside the transaction of every change of a kind, whatever its verb; from ready() only."""
    _followers[kind].append(follower)


@transaction.atomic(savepoint=False)
def record(
    subject: models.Model,
    verb: str,
    *,
    by: AbstractBaseUser | None,
    changes: Changes | None = None,
    label: str = "",
) -> Activity:
    """Appends one row about `subject`, which names its topic (see Logged), and tells the subscribers.

    `by` is None for the product itself and for what was written anonymously.
    """
    row = Activity(
        actor=_actor(by),
        topic=subject.topic,  # type: ignore[attr-defined]
        verb=verb,
        kind=subject._meta.label_lower,
        record=str(subject.pk),
        label=(label or str(subject))[:200],
        changes=changes or {},
        op=_command.get(),
    )
    _append(row, subject)
    _command.set(None)
    _tell([(row, subject)])
    return row


def _append(row: Activity, subject: models.Model) -> None:
    """Gives the row its number and writes it, unless rows of its topic are being gathered."""
    gathered = _gathered.get()
    if gathered and gathered.topic == row.topic:
        gathered.add(row, subject)
    else:
        row.seq = _next_seq(row.topic)
        row.save(force_insert=True)


@transaction.atomic
def record_all(subjects: Sequence[models.Model], verb: str, *, by: AbstractBaseUser | None) -> list[Activity]:
    """Appends one row about each of `subjects`, all of one topic, in about as few statements as one row takes."""
    if not subjects:
        return []
    command = _command.get()
    rows = [
        Activity(
            actor=_actor(by),
            topic=subject.topic,  # type: ignore[attr-defined]
            verb=verb,
            kind=subject._meta.label_lower,
            record=str(subject.pk),
            label=str(subject)[:200],
            op=None if at else command,
        )
        for at, subject in enumerate(subjects)
    ]
    _append_all(rows, subjects)
    _command.set(None)
    _tell(list(zip(rows, subjects, strict=True)))
    return rows


def _append_all(rows: Sequence[Activity], subjects: Sequence[models.Model]) -> None:
    """The last is saved by itself, so that who listens for saved rows hears of them all."""
    gathered = _gathered.get()
    if gathered and gathered.topic == rows[0].topic:
        for row, subject in zip(rows, subjects, strict=True):
            gathered.add(row, subject)
        return
    first = _next_seq(rows[0].topic, len(rows)) - len(rows) + 1
    for seq, row in enumerate(rows, first):
        row.seq = seq
    Activity.objects.bulk_create(rows[:-1])
    rows[-1].save()


@transaction.atomic
def record_new(subjects: Sequence[models.Model], *, by: AbstractBaseUser | None) -> None:
    """Appends "added" for many records at once, each the first thing that ever happens to its topic."""
    topics = [subject.topic for subject in subjects]  # type: ignore[attr-defined]
    Topic.objects.bulk_create(Topic(name=name, seq=1) for name in topics)
    rows = Activity.objects.bulk_create(
        Activity(
            actor=_actor(by),
            topic=topic,
            seq=1,
            verb="added",
            kind=subject._meta.label_lower,
            record=str(subject.pk),
            label=str(subject)[:200],
        )
        for subject, topic in zip(subjects, topics, strict=True)
    )
    _tell(list(zip(rows, subjects, strict=True)))


def _tell(told: Sequence[tuple[Activity, models.Model]]) -> None:
    for row, subject in told:
        for subscriber in _subscribers[row.kind, row.verb]:
            subscriber(row, subject)
    by_kind: dict[str, list[tuple[Activity, models.Model]]] = defaultdict(list)
    for row, subject in told:
        by_kind[row.kind].append((row, subject))
    for kind, rows in by_kind.items():
        for follower in _followers[kind]:
            follower(rows)


def forget(kind: str, *, before: datetime) -> int:
    """Deletes what the log says of records of `kind` before that moment; how many rows. Their numbers stay taken.

    A few at a time, so that nobody who writes meanwhile waits for long.
    """
    rows = Activity.objects.filter(kind=kind, at__lt=before)
    count = 0
    while keys := list(rows.values_list("pk", flat=True)[:FORGET_BATCH_ROWS]):
        count += Activity.objects.filter(pk__in=keys).delete()[0]
    return count


def number_of(topic: str) -> int:
    """The number of the topic's newest row, those that are being gathered with them."""
    gathered = _gathered.get()
    if gathered and gathered.topic == topic:
        return gathered.seq
    return Topic.objects.filter(name=topic).values_list("seq", flat=True).first() or 0


def allocate_numbers(name: str, count: int) -> int:
    """The last of the next `count` numbers of a sequence whose order is the order in which transactions are seen."""
    return _next_seq(name, count)


def _next_seq(topic: str, count: int = 1) -> int:
    """Takes the next `count` numbers in one statement and gives the last; the topic's row stays locked until the end."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [topic, count])
        taken: int = cursor.fetchone()[0]
        return taken


def _actor(by: AbstractBaseUser | None) -> Any:
    """Of the model that the settings name: a room above, whose class nothing here may know."""
    return by
