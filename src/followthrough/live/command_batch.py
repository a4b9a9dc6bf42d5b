"""One batch of idempotent commands, a tick: all in one transaction, then what changed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Model

from followthrough.activity import operations as activity
from followthrough.activity.models import Activity
from followthrough.activity.operations import LogBatch
from followthrough.activity.queries import head, logged_ops, since
from followthrough.core.bulk_insert import batched_inserts
from followthrough.core.errors import DomainError, NotFound
from followthrough.core.transactions import command_savepoint
from followthrough.live import bus, protocol
from followthrough.live.authentication import RoomSession, Unauthorised
from followthrough.live.limits import REPLAYED_CHANGES, TICK_WORK_SECONDS
from followthrough.live.protocol import Command, Payload
from followthrough.live.room_backend import RoomBackend

log = logging.getLogger(__name__)


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
    session: RoomSession


@dataclass(frozen=True)
class Outcome:
    """What became of a command: the sequence it is in, or why it was refused."""

    op: UUID
    seq: int = 0
    error: DomainError | None = None

    def message(self) -> dict[str, Any]:
        if self.error:
            return protocol.refusal(self.op, self.error)
        return {"t": "ack", "op": str(self.op), "seq": self.seq}


@dataclass
class RoomChanges:
    """What happened in a room after `after` and up to `seq`."""

    after: int
    seq: int
    records: Payload = field(default_factory=lambda: Payload({}))
    said: list[dict[str, Any]] = field(default_factory=list)
    touches_access: bool = False
    too_much: bool = False


@dataclass
class BatchResult:
    """What became of the first commands of one tick, as many as there was time for, and what there is to tell of it where
    that is known already."""

    outcomes: list[Outcome]
    news: RoomChanges | None = None


def run_commands(
    backend: RoomBackend,
    number: int,
    requests: Sequence[Request],
    seen: int,
    present: frozenset[int] = frozenset(),
) -> BatchResult:
    """Carries out `requests` inside the caller's transaction, while people with the ids `present` are in the room; after
    TICK_WORK_SECONDS none is begun any more.

    The news are there once it is committed, if they follow on `seen` and need nothing from the database.
    """
    with activity.log_batch(backend.topic(number)) as gathered:
        done = BatchResult(_Tick(backend, number, requests, gathered, present).carry_out())
    if gathered.rows:
        bus.publish(gathered.topic, gathered.seq)
        fresh = gathered.fresh()
        if gathered.rows[0].seq == seen + 1 and len(fresh) == len(gathered.rows):
            tell = partial(_news_of, backend, number, gathered.rows, fresh)
            transaction.on_commit(lambda: setattr(done, "news", tell()), robust=True)
    return done


def refuse(requests: Sequence[Request]) -> BatchResult:
    """The same for commands whose transaction could not be committed."""
    return BatchResult([Outcome(request.command.op, error=NOT_SAVED) for request in requests])


class _Tick:
    """The commands of one transaction; those whose `op` is in the log already are only acknowledged.

    One that changed nothing left no row: it is carried out again, and again changes nothing.
    """

    def __init__(
        self,
        backend: RoomBackend,
        number: int,
        requests: Sequence[Request],
        log: LogBatch,
        present: frozenset[int],
    ) -> None:
        self._backend, self._number, self._requests, self._log = backend, number, requests, log
        self._present = present
        self._begin()

    def _begin(self) -> None:
        self._done = logged_ops([request.command.op for request in self._requests])
        self._work = self._backend.begin(self._number, self._present)

    def carry_out(self) -> list[Outcome]:
        """All together; only where one of them fails, each by itself."""
        before = self._log.seq
        try:
            with command_savepoint(), batched_inserts():
                return self._while_there_is_time(self._carry_out)
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # noqa: BLE001 - whose fault it is shows below
            self._log.go_back(before)
            self._begin()
        return self._while_there_is_time(self._attempt)

    def _while_there_is_time(self, carry_out: Callable[[Request], Outcome]) -> list[Outcome]:
        until = time.monotonic() + TICK_WORK_SECONDS
        outcomes = []
        for request in self._requests:
            outcomes.append(carry_out(request))
            if time.monotonic() > until:
                break
        return outcomes

    def _attempt(self, request: Request) -> Outcome:
        before = self._log.seq
        try:
            with command_savepoint():
                return self._carry_out(request)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - a fault of one command must not take the others with it
            self._log.go_back(before)
            self._work = self._backend.begin(self._number, self._present)
            return Outcome(request.command.op, error=_reason(error, request.command.name))

    def _carry_out(self, request: Request) -> Outcome:
        op, before = request.command.op, self._log.seq
        request.session.reauthorise()
        if op not in self._done:
            with activity.caused_by_op(op):
                self._work.carry_out(request.command, by=request.session.person)
            self._done[op] = (self._log.topic, min(before + 1, self._log.seq))
        return Outcome(op, self._seq_of(op))

    def _seq_of(self, op: UUID) -> int:
        topic, seq = self._done[op]
        if topic != self._log.topic:
            raise DomainError("This command was already used in another room. Load the page again.")
        return seq


def _reason(error: Exception, command: str) -> DomainError:
    """What the sender is told of `error`."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, Unauthorised):
        return NotFound(error.reason)
    log.error("Command %s failed", command, exc_info=error)
    return _BROKEN


_BROKEN = DomainError(
    "Something went wrong on our side and this was not saved. Your text is kept on this page; "
    "try once more, and tell your administrator if it happens again."
)


def changes_since(backend: RoomBackend, number: int, after: int) -> RoomChanges:
    """What the log holds after `after`, with the changed records as they are now."""
    rows = list(since(backend.topic(number), after).prefetch_related("actor")[: REPLAYED_CHANGES + 1])
    if not rows:
        return RoomChanges(after, after)
    if len(rows) > REPLAYED_CHANGES:
        return RoomChanges(after, head(backend.topic(number)), touches_access=True, too_much=True)
    return _news_of(backend, number, rows)


def _news_of(
    backend: RoomBackend,
    number: int,
    rows: Sequence[Activity],
    fresh: Mapping[str, Model] = MappingProxyType({}),
) -> RoomChanges:
    return RoomChanges(
        rows[0].seq - 1,
        rows[-1].seq,
        backend.changed(number, rows, fresh),
        [_said(row) for row in rows],
        any(backend.touches_access(row) for row in rows),
    )


def _said(row: Activity) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "op": str(row.op) if row.op else None,
        "verb": row.verb,
        "kind": row.kind,
        "id": row.record,
        "by": protocol.person_json(row.actor) if row.actor else None,
        "at": row.at.isoformat().replace("+00:00", "Z"),
    }


def open_text(
    backend: RoomBackend, number: int, session: RoomSession, what: Mapping[str, Any]
) -> dict[str, Any]:
    """What `pass_`'s client gets of a text that it opens, or {"refused": why, "status": …}."""
    try:
        session.reauthorise()
        return backend.open(number, what)
    except Exception as error:  # noqa: BLE001 - the client hears of it; the room goes on
        busy = isinstance(error, (OperationalError, InterfaceError))
        reason = NOT_SAVED if busy else _reason(error, "open")
        return {"refused": reason.message, "status": reason.status}


def reauthorise(sessions: Sequence[RoomSession]) -> dict[RoomSession, Unauthorised]:
    """Asks again for each stale pass; those that lost their right, with the reason."""
    lost = {}
    for session in sessions:
        try:
            session.reauthorise()
        except Unauthorised as refused:
            lost[session] = refused
    return lost
