"""Writing to the log, in the transaction of the change itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.db import models, transaction
from django.db.models import F

from followthrough.activity.models import Activity, Topic
from followthrough.core.changes import Changes

if TYPE_CHECKING:
    from followthrough.people.models import User


class Logged(Protocol):
    """A model whose changes are logged: it names the topic that its changes belong to."""

    pk: object

    @property
    def topic(self) -> str: ...


Subscriber = Callable[[Activity, models.Model], None]

_command: ContextVar[UUID | None] = ContextVar("command", default=None)
_subscribers: dict[tuple[str, str], list[Subscriber]] = defaultdict(list)


@contextmanager
def under(op: UUID) -> Iterator[None]:
    """The first row recorded inside carries `op`, so that a repeated command cannot be carried out again."""
    token = _command.set(op)
    try:
        yield
    finally:
        _command.reset(token)


def subscribe(kind: str, verb: str, subscriber: Subscriber) -> None:
    """Calls `subscriber(activity, record)` inside the transaction of each such change; from ready() only."""
    _subscribers[kind, verb].append(subscriber)


@transaction.atomic
def record(
    subject: models.Model, verb: str, *, by: User | None, changes: Changes | None = None, label: str = ""
) -> Activity:
    """Appends one row about `subject`, which names its topic (see Logged), and tells the subscribers.

    `by` is None for the product itself and for what was written anonymously.
    """
    topic = subject.topic  # type: ignore[attr-defined]
    row = Activity.objects.create(
        actor=by,
        topic=topic,
        seq=_next_seq(topic),
        verb=verb,
        kind=subject._meta.label_lower,
        record=str(subject.pk),
        label=(label or str(subject))[:200],
        changes=changes or {},
        op=_command.get(),
    )
    _command.set(None)
    for subscriber in _subscribers[row.kind, verb]:
        subscriber(row, subject)
    return row


def _next_seq(topic: str) -> int:
    if not Topic.objects.filter(name=topic).update(seq=F("seq") + 1):
        Topic.objects.get_or_create(name=topic)
        Topic.objects.filter(name=topic).update(seq=F("seq") + 1)
    return Topic.objects.values_list("seq", flat=True).get(name=topic)
