"""The database work of one tick: the commands in one transaction, then what changed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, transaction

from followthrough.activity import operations as activity
from followthrough.activity.models import Activity
from followthrough.activity.queries import head, since
from followthrough.core.errors import DomainError, NotThere
from followthrough.live import wire
from followthrough.live.admission import Pass, Refused
from followthrough.live.driver import Driver
from followthrough.live.wire import Command, Parcel

log = logging.getLogger(__name__)
HISTORY = 2_000
"""Rows that one frame or one replay may cover; a client further behind gets everything anew."""


class Unavailable(DomainError):
    """The database could not do it now; the same command may be sent again."""

    status = 503


NOT_SAVED = Unavailable(
    "This could not be saved just now. Your text is kept on this page; try again in a moment."
)


@dataclass(frozen=True)
class Request:
    """A command and the pass of who sent it."""

    command: Command
    pass_: Pass


@dataclass(frozen=True)
class Outcome:
    """What became of a command: the sequence it is in, or why it was refused."""

    op: UUID
    seq: int = 0
    error: DomainError | None = None

    def message(self) -> dict[str, Any]:
        if self.error:
            return wire.refusal(self.op, self.error)
        return {"t": "ack", "op": str(self.op), "seq": self.seq}


@dataclass
class News:
    """What happened in a room after `after` and up to `seq`."""

    after: int
    seq: int
    records: Parcel = field(default_factory=lambda: Parcel({}))
    said: list[dict[str, Any]] = field(default_factory=list)
    touches_access: bool = False
    too_much: bool = False


def take(driver: Driver, number: int, requests: Sequence[Request], after: int) -> tuple[list[Outcome], News]:
    """Carries out `requests`, then reads what the log holds after `after`."""
    outcomes = carry_out(driver, number, requests)
    try:
        return outcomes, news(driver, number, after)
    except Exception:
        log.exception("What changed in room %s could not be read; the next look tries again", number)
        return outcomes, News(after, after)


def carry_out(driver: Driver, number: int, requests: Sequence[Request]) -> list[Outcome]:
    """All of `requests` in one transaction; if it cannot be committed, every one is refused."""
    try:
        with transaction.atomic():
            outcomes = [_attempt(driver, number, request) for request in requests]
            return _with_sequences(driver.topic(number), outcomes)
    except DatabaseError:
        log.exception("A tick of room %s could not be committed", number)
        return [Outcome(request.command.op, error=NOT_SAVED) for request in requests]


def _attempt(driver: Driver, number: int, request: Request) -> Outcome:
    op = request.command.op
    try:
        request.pass_.renew()
        with transaction.atomic(), activity.under(op):
            if not _carried_out(driver.topic(number), op):
                driver.carry_out(number, request.command, by=request.pass_.person)
        return Outcome(op)
    except DomainError as error:
        return Outcome(op, error=error)
    except Refused as error:
        return Outcome(op, error=NotThere(error.reason))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("Command %s failed", request.command.name)
        return Outcome(op, error=_BROKEN)


_BROKEN = DomainError(
    "Something went wrong on our side and this was not saved. Your text is kept on this page; "
    "try once more, and tell your administrator if it happens again."
)


def _carried_out(topic: str, op: UUID) -> bool:
    row = Activity.objects.filter(op=op).only("topic").first()
    if row and row.topic != topic:
        raise DomainError("This command was already used in another room. Load the page again.")
    return row is not None


def _with_sequences(topic: str, outcomes: list[Outcome]) -> list[Outcome]:
    """Gives each success the sequence of its row; one that changed nothing is as new as the log."""
    done = [outcome.op for outcome in outcomes if outcome.error is None]
    found = dict(Activity.objects.filter(op__in=done).values_list("op", "seq"))
    latest = head(topic) if len(found) < len(done) else 0
    return [
        outcome if outcome.error else Outcome(outcome.op, found.get(outcome.op, latest))
        for outcome in outcomes
    ]


def news(driver: Driver, number: int, after: int) -> News:
    """What the log holds after `after`, with the changed records as they are now."""
    rows = list(since(driver.topic(number), after).select_related("actor")[: HISTORY + 1])
    if not rows:
        return News(after, after)
    if len(rows) > HISTORY:
        return News(after, head(driver.topic(number)), touches_access=True, too_much=True)
    return News(
        after,
        rows[-1].seq,
        driver.changed(number, rows),
        [_said(row) for row in rows],
        any(driver.touches_access(row) for row in rows),
    )


def _said(row: Activity) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "op": str(row.op) if row.op else None,
        "verb": row.verb,
        "kind": row.kind,
        "id": row.record,
        "by": wire.face(row.actor) if row.actor else None,
        "at": row.at.isoformat().replace("+00:00", "Z"),
    }


def renew(passes: Sequence[Pass]) -> dict[Pass, Refused]:
    """Asks again for each stale pass; those that lost their right, with the reason."""
    lost = {}
    for pass_ in passes:
        try:
            pass_.renew()
        except Refused as refused:
            lost[pass_] = refused
    return lost
