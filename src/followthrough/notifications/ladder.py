"""Reminders that climb: what is due is said to its owner, then to the lead, then to administrators, each once.

Rooms above register a Ladder for each kind of deadline. The row of a deadline holds when somebody next hears of it, so
that a pass which finds nothing due is one look at an index. Climbing and telling are one transaction: after a crash
both happened or neither, and the messages' keys keep a repeated one from being told again.
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

from followthrough.notifications.models import Deadline, Rhythm
from followthrough.notifications.operations import Telling, tell_all, withdraw_mail

log = logging.getLogger(__name__)

BATCH = 500
AT_ONCE = 100
"""Told in one transaction, so that others that write wait only moments."""
STUCK_FOR = timedelta(hours=1)
OWNER = "owner"
_NAMES = ["kind", "subject"]
_CONTENTS = ["due_at", "since", "said", "next_at", "snoozed_until"]


@dataclass(frozen=True)
class Rung:
    """One step: its `name` within the ladder, `at` when, and `to` whom, such as OWNER."""

    name: str
    at: datetime
    to: str = ""


@dataclass(frozen=True)
class Course:
    """How one deadline stands: `tell(rung, key)` says what is told, to whom; rungs before the deadline was set are
    left out, but for those within `grace` of it."""

    due_at: datetime
    rungs: tuple[Rung, ...]
    tell: Callable[[Rung, str], Iterable[Telling]]
    grace: timedelta = timedelta()


@dataclass(frozen=True)
class Ladder:
    """One kind of deadline. `load` gives the course of each subject that still
    waits, in a fixed number of queries;
    `missing(after, at_most)` the subjects above `after` that should have a deadline and have none, in order."""

    kind: str
    load: Callable[[Collection[int], Rhythm], dict[int, Course]]
    missing: Callable[[int, int], Iterable[int]]


_ladders: dict[str, Ladder] = {}


def register(ladder: Ladder) -> None:
    """Called once per kind, from an AppConfig's ready()."""
    _ladders[ladder.kind] = ladder


def rhythm() -> Rhythm:
    """The organisation's settings, or the defaults."""
    return Rhythm.objects.first() or Rhythm()


def about(kind: str, subject: int) -> str:
    """What messages of a deadline are marked with."""
    return f"{kind}:{subject}"


@transaction.atomic
def refresh(kind: str, subjects: Collection[int]) -> None:
    """Brings deadlines in line with their subjects after a change; what is over is forgotten, its mail withdrawn."""
    courses = _ladders[kind].load(subjects, rhythm())
    known = Deadline.objects.select_for_update().filter(kind=kind, subject__in=subjects)
    rows = {row.subject: row for row in known}
    _forget(kind, [rows[subject] for subject in rows.keys() - courses.keys()])
    now = timezone.now()
    _save([_row(kind, subject, course, rows.get(subject), now) for subject, course in courses.items()])


def _save(rows: list[Deadline]) -> None:
    """Inserts or overwrites them, in one statement per batch."""
    fresh = [Deadline(**{name: getattr(row, name) for name in (*_NAMES, *_CONTENTS)}) for row in rows]
    Deadline.objects.bulk_create(
        fresh, batch_size=BATCH, update_conflicts=True, unique_fields=_NAMES, update_fields=_CONTENTS
    )


def _row(kind: str, subject: int, course: Course, known: Deadline | None, now: datetime) -> Deadline:
    """The deadline as it should be; one whose date moved begins its ladder anew."""
    row = Deadline(kind=kind, subject=subject, due_at=course.due_at, since=now - course.grace)
    if known and known.due_at == course.due_at:
        row.since, row.said, row.snoozed_until = known.since, known.said, known.snoozed_until
    following = _next_at(row, course)
    row.next_at = max(following, now) if following else None
    return row


def _forget(kind: str, rows: list[Deadline]) -> None:
    if rows:
        Deadline.objects.filter(pk__in=[row.pk for row in rows]).delete()
        withdraw_mail([about(kind, row.subject) for row in rows])


def _unsaid(row: Deadline, course: Course) -> Iterator[Rung]:
    for rung in _rungs(row, course):
        if rung.name not in row.said and rung.at > row.since:
            yield rung


def _rungs(row: Deadline, course: Course) -> Iterator[Rung]:
    """The ladder's rungs; while it is snoozed its owner hears nothing, and then of it anew."""
    snoozed = row.snoozed_until
    for rung in course.rungs:
        if not (snoozed and rung.to == OWNER and rung.at < snoozed):
            yield rung
    if snoozed:
        yield Rung(f"snoozed-{snoozed:%Y%m%dT%H%M}", snoozed, OWNER)


def _next_at(row: Deadline, course: Course) -> datetime | None:
    return min((rung.at for rung in _unsaid(row, course)), default=None)


def climb() -> int:
    """Tells what has come due, batch by batch; returns how many deadlines moved on."""
    moved = 0
    while subjects := _climb_batch():
        moved += subjects
    return moved


def _climb_batch() -> int:
    """One batch in one transaction; where it fails each deadline is tried alone, so that one stuck holds up no other."""
    due = Deadline.objects.filter(next_at__lte=timezone.now()).order_by("next_at", "pk")
    if not due.exists():
        return 0
    try:
        with transaction.atomic():
            rows = list(_unclaimed(due)[:AT_ONCE])
            _climb(rows)
            return len(rows)
    except Exception:
        log.exception("Some reminders could not be told together; each is tried alone.")
    keys = list(due.values_list("pk", flat=True)[:AT_ONCE])
    for key in keys:
        _climb_alone(key)
    return len(keys)


def _climb_alone(key: int) -> None:
    try:
        with transaction.atomic():
            _climb(list(_unclaimed(Deadline.objects.filter(pk=key, next_at__lte=timezone.now()))))
    except Exception:
        log.exception("A reminder could not be told; it is tried again in an hour.")
        Deadline.objects.filter(pk=key).update(next_at=timezone.now() + STUCK_FOR)


def _unclaimed(rows: QuerySet[Deadline]) -> QuerySet[Deadline]:
    """Those that no other worker climbs at this moment. SQLite's transactions are alone already."""
    return rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)


def _climb(rows: list[Deadline]) -> None:
    now, settings = timezone.now(), rhythm()
    by_kind: dict[str, list[Deadline]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    tellings: list[Telling] = []
    for kind, deadlines in by_kind.items():
        courses = _ladders[kind].load([row.subject for row in deadlines], settings)
        _forget(kind, [row for row in deadlines if row.subject not in courses])
        going_on = [row for row in deadlines if row.subject in courses]
        for row in going_on:
            tellings += _step(row, courses[row.subject], now)
        _save(going_on)
    tell_all(tellings)


def _step(row: Deadline, course: Course, now: datetime) -> list[Telling]:
    """Climbs every rung whose time has come. After a pause several have; then each person hears only the last."""
    due = sorted((rung for rung in _unsaid(row, course) if rung.at <= now), key=lambda rung: rung.at)
    heard: dict[int, list[Telling]] = {}
    for rung in due:
        key = f"{row.kind}:{row.subject}:{course.due_at:%Y%m%dT%H%M}:{rung.name}"
        tellings = list(course.tell(rung, key))
        heard |= {one.person.pk: [] for one in tellings}
        for one in tellings:
            heard[one.person.pk].append(one)
    known = {rung.name for rung in _rungs(row, course)}
    row.said = [name for name in row.said if name in known] + [rung.name for rung in due]
    row.next_at = _next_at(row, course)
    return [one for tellings in heard.values() for one in tellings]


@transaction.atomic
def snooze(kind: str, subject: int, *, until: datetime) -> None:
    """The owner hears nothing before `until`, and then once more; what goes to others is not held up."""
    row = Deadline.objects.select_for_update().filter(kind=kind, subject=subject).first()
    course = _ladders[kind].load([subject], rhythm()).get(subject)
    if row and course:
        row.snoozed_until = until
        row.next_at = _next_at(row, course)
        row.save(update_fields=["snoozed_until", "next_at"])
        withdraw_mail([about(kind, subject)])


def find_missing() -> int:
    """Gives a deadline to everything that should have one and was written without; returns how many."""
    found = 0
    for ladder in _ladders.values():
        last = 0
        while subjects := list(ladder.missing(last, BATCH)):
            refresh(ladder.kind, subjects)
            found, last = found + len(subjects), subjects[-1]
    return found


def refresh_all() -> None:
    """Sets every deadline anew, after the settings changed."""
    for kind in _ladders:
        last = 0
        while subjects := _after(kind, last):
            refresh(kind, subjects)
            last = subjects[-1]


def _after(kind: str, last: int) -> list[int]:
    rows = Deadline.objects.filter(kind=kind, subject__gt=last).order_by("subject")
    return list(rows.values_list("subject", flat=True)[:BATCH])
