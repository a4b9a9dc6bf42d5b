"""The sender: one worker at a time for each connection, oldest first, behind a circuit breaker, with backoff by issue."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from followthrough.core.errors import DomainError
from followthrough.integrations import tracker_registry
from followthrough.integrations.circuit_breaker import BACKOFF, allowance
from followthrough.integrations.http_exchange import (
    ConnectionRefused,
    Exchange,
    IssueGone,
    IssueRefused,
    RateLimited,
    TrackerError,
    Unavailable,
)
from followthrough.integrations.models import LARGEST_BODY, Delivery, IssueLink, TrackerConnection
from followthrough.integrations.operations import checking, inbound, reconciling
from followthrough.integrations.operations.syncing import SyncSession, sync_link
from followthrough.integrations.queries import connections, linking
from followthrough.integrations.queries.deliveries import masked
from followthrough.jobs import work_claims

log = logging.getLogger(__name__)

REFUSED_BACKOFF = work_claims.Backoff(
    [
        timedelta(minutes=1),
        timedelta(minutes=10),
        timedelta(hours=1),
        timedelta(hours=6),
        timedelta(days=1),
    ]
)
"""How long an issue waits after each refusal of its own; the last one is repeated."""


def is_due(connection: TrackerConnection, now: datetime) -> bool:
    """Whether a turn with the connection would find something to do."""
    if Delivery.objects.filter(connection=connection, state=Delivery.State.WAITING).exists():
        return True
    if connection.check_asked_at:
        return True
    if _rests(connection, now):
        return False
    is_behind = connection.reconcile_at is None or connection.reconcile_at <= now
    return is_behind or connections.due_links(connection, now).exists()


def _rests(connection: TrackerConnection, now: datetime) -> bool:
    is_paused = bool(connection.paused_until and now < connection.paused_until)
    return is_paused or not allowance(failures=connection.failures, retry_at=connection.retry_at, now=now)


def claim(connection: TrackerConnection, worker: str) -> bool:
    """Takes the connection for this worker, also from one that is gone."""
    held = connection.claimed_by
    if held and not work_claims.is_gone(held):
        return False
    rows = TrackerConnection.objects.filter(pk=connection.pk, claimed_by=held, removed_at=None)
    return bool(work_claims.claim(rows, claimed_by=worker))


def release(connection: TrackerConnection, worker: str) -> None:
    TrackerConnection.objects.filter(pk=connection.pk, claimed_by=worker).update(claimed_by="")


def take_turn(connection: TrackerConnection, stop: threading.Event | None = None) -> int:
    """Reads what came in, carries out a check that somebody waits for, sends what is due, and reads what changed there.

    How many issues were looked at. For whoever has claimed the connection.
    """
    inbound.read_waiting(connection)
    connection.refresh_from_db()
    try:
        tracker = tracker_registry.tracker_of(connection.service)
        session = SyncSession.of(connection, tracker, tracker.client(connections.account_of(connection)))
    except DomainError as error:
        _note_failure(connection, ConnectionRefused(error.message))
        return 0
    try:
        if connection.check_asked_at:
            checking.carry_out(session)
            connection.refresh_from_db()
        done = _send_due(session, stop)
        now = timezone.now()
        is_behind = connection.reconcile_at is None or connection.reconcile_at <= now
        if is_behind and not _rests(connection, now) and reconciling.reconcile(session):
            _note_answer(connection)
    except TrackerError as error:
        _note_failure(connection, error)
        done = 0
    finally:
        _keep_exchanges(session, None)
    return done


def _send_due(session: SyncSession, stop: threading.Event | None) -> int:
    connection, now = session.connection, timezone.now()
    if connection.paused_until and now < connection.paused_until:
        return 0
    most = allowance(failures=connection.failures, retry_at=connection.retry_at, now=now)
    due = linking.with_facts(connections.due_links(connection, now))
    keys = list(due.values_list("pk", flat=True)[:most])
    for number, key in enumerate(keys):
        if (stop and stop.is_set()) or not _send_one(session, key):
            return number
    return len(keys)


def _send_one(session: SyncSession, key: UUID) -> bool:
    """Whether the next may be tried."""
    link = linking.with_facts(IssueLink.objects.filter(pk=key, state__in=connections.LIVE)).first()
    if link is None:
        return True
    link.connection = session.connection
    try:
        sync_link(session, link)
    except IssueGone as error:
        _note_gone(link, error)
    except IssueRefused as error:
        _note_refusal(link, error)
    except (ConnectionRefused, RateLimited, Unavailable) as error:
        _note_failure(session.connection, error)
        return False
    finally:
        _keep_exchanges(session, link)
    _note_answer(session.connection)
    return True


def _note_gone(link: IssueLink, error: TrackerError) -> None:
    """The action keeps its last known state, and says so. An issue that cannot be made is only refused."""
    if link.state == IssueLink.State.PENDING:
        _note_refusal(link, IssueRefused(f"{link.target}: {error}"))
        return
    words = f"{error} The action keeps the state that it last had."
    rows = IssueLink.objects.filter(pk=link.pk, state=IssueLink.State.LINKED)
    rows.update(state=IssueLink.State.GONE, words=words[:600], look_at=None)


def _note_refusal(link: IssueLink, error: TrackerError) -> None:
    wait = REFUSED_BACKOFF.after(link.attempts + 1)
    IssueLink.objects.filter(pk=link.pk).update(
        attempts=link.attempts + 1, retry_at=timezone.now() + wait, words=str(error)[:600]
    )


def _note_answer(connection: TrackerConnection) -> None:
    connection.failures, connection.retry_at = 0, None
    connection.refusal, connection.answered_at = "", timezone.now()
    connection.save(update_fields=["failures", "retry_at", "refusal", "answered_at"])


def _note_failure(connection: TrackerConnection, error: TrackerError) -> None:
    now = timezone.now()
    if isinstance(error, RateLimited):
        connection.paused_until = error.until
        connection.save(update_fields=["paused_until"])
        return
    if not connection.failures:
        connection.refused_at = now
    connection.failures += 1
    connection.retry_at = now + BACKOFF.after(connection.failures)
    connection.refusal = str(error)[:600]
    connection.save(update_fields=["refused_at", "failures", "retry_at", "refusal"])
    log.warning("The connection %s does not work: %s", connection.pk, error)


@transaction.atomic
def _keep_exchanges(session: SyncSession, link: IssueLink | None) -> None:
    """What was sent and answered, for the page of deliveries."""
    exchanges, found = session.client.exchanges, session.connection
    if not exchanges:
        return
    secrets = connections.secrets_of(found)
    kept = link if link and IssueLink.objects.filter(pk=link.pk).exists() else None
    Delivery.objects.bulk_create(_delivery(found, kept, exchange, secrets) for exchange in exchanges)
    exchanges.clear()


def _delivery(
    connection: TrackerConnection, link: IssueLink | None, exchange: Exchange, secrets: list[str]
) -> Delivery:
    is_good = 200 <= exchange.status < 400
    return Delivery(
        connection=connection,
        link=link,
        direction=Delivery.Direction.OUT,
        state=Delivery.State.DONE if is_good else Delivery.State.REFUSED,
        what=masked(f"{exchange.method} {exchange.path}", secrets)[:300],
        body=masked(exchange.sent, secrets)[:LARGEST_BODY],
        answer=masked(exchange.answer, secrets)[:LARGEST_BODY],
        status=exchange.status or None,
        took_ms=exchange.took_ms,
    )
