"""Writes whole incidents at once, with the history that they would have left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from followthrough.activity.models import Activity, Topic
from followthrough.core.field_changes import Changes
from followthrough.people.models import User


@dataclass
class Writer:
    """Collects rows by model, in the order in which models were first seen, and stores them in bulk."""

    rows: dict[type[models.Model], list[Any]] = field(default_factory=dict)
    links: dict[Any, list[Any]] = field(default_factory=lambda: defaultdict(list))
    log: list[tuple[datetime, models.Model, str, User | None, Changes]] = field(default_factory=list)
    stamps: list[tuple[models.Model, str, datetime]] = field(default_factory=list)

    def add(
        self, row: Any, *, at: datetime | None = None, verb: str = "added", by: User | None = None
    ) -> Any:
        """Keeps `row` for storing; with `at` its history begins then."""
        self.rows.setdefault(type(row), []).append(row)
        if at is not None:
            self.tell(row, verb, at=at, by=by)
        return row

    def tell(
        self, row: models.Model, verb: str, *, at: datetime, by: User | None, changes: Changes | None = None
    ) -> None:
        """One line of history."""
        self.log.append((at, row, verb, by, changes or {}))

    def link(self, through: Any, **keys: Any) -> None:
        """One row of a many-to-many table."""
        self.links[through].append(through(**keys))

    @transaction.atomic
    def store(self) -> None:
        """Writes everything and forgets it."""
        for model, rows in self.rows.items():
            self._store(model, rows)
        for through, rows in self.links.items():
            through.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
        self._store_log()
        self.__init__()  # type: ignore[misc]

    @staticmethod
    def _store(model: type[models.Model], rows: list[Any]) -> None:
        with _own_times(model):
            model._default_manager.bulk_create(rows, batch_size=1000)

    def _store_log(self) -> None:
        topics: dict[str, int] = dict(Topic.objects.values_list("name", "seq"))
        rows = []
        for at, subject, verb, by, changes in sorted(self.log, key=lambda line: line[0]):
            topic = subject.topic  # type: ignore[attr-defined]
            topics[topic] = topics.get(topic, 0) + 1
            rows.append(_line(at, subject, verb, by, changes, topic, topics[topic]))
        self._store(Activity, rows)
        heads = [Topic(name=name, seq=topics[name]) for name in {row.topic for row in rows}]
        Topic.objects.bulk_create(
            heads, update_conflicts=True, unique_fields=["name"], update_fields=["seq"], batch_size=2000
        )


@contextmanager
def _own_times(model: type[models.Model]) -> Iterator[None]:
    """Keeps Django from putting the present for moments of the past that a row already has."""
    automatic = [column for column in model._meta.concrete_fields if getattr(column, "auto_now_add", False)]
    for column in automatic:
        column.auto_now_add = False  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for column in automatic:
            column.auto_now_add = True  # type: ignore[attr-defined]


def _line(
    at: datetime, subject: models.Model, verb: str, by: User | None, changes: Changes, topic: str, seq: int
) -> Activity:
    return Activity(
        at=at,
        actor=by,
        topic=topic,
        seq=seq,
        verb=verb,
        kind=subject._meta.label_lower,
        record=str(subject.pk),
        label=str(subject)[:200],
        changes=changes,
    )


def next_key(model: type[models.Model], column: str = "pk") -> int:
    """The first free number of a model."""
    return (model._default_manager.aggregate(top=models.Max(column))["top"] or 0) + 1


def move_sequences(of: Iterable[type[models.Model]]) -> None:
    """Lets databases that count keys by themselves go on after ours."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(of)):
            cursor.execute(statement)
