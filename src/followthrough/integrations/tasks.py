"""The worker's part: speaking with services, in threads of its own, so that none of them holds up other work."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection as database
from django.utils import timezone

from followthrough.integrations.models import Delivery, OutboxChange, TrackerConnection
from followthrough.integrations.operations import sending
from followthrough.integrations.queries import connections

log = logging.getLogger(__name__)

CONNECTIONS_AT_ONCE = 4
_senders = ThreadPoolExecutor(CONNECTIONS_AT_ONCE, thread_name_prefix="integrations")
_running: set[Future[None]] = set()


def begin_turns(worker: str, stop: threading.Event) -> int:
    """Begins a turn with every connection that has something to do and no turn yet; returns how many."""
    _running.difference_update([future for future in _running if future.done()])
    now, begun = timezone.now(), 0
    for connection in connections.active().order_by("answered_at", "pk"):
        if len(_running) >= CONNECTIONS_AT_ONCE:
            break
        if sending.is_due(connection, now) and sending.claim(connection, worker):
            _running.add(_senders.submit(_carry_out, connection, worker, stop))
            begun += 1
    return begun


def _carry_out(connection: TrackerConnection, worker: str, stop: threading.Event) -> None:
    try:
        sending.take_turn(connection, stop)
    except Exception:
        log.exception("The turn with the connection %s failed.", connection.pk)
    finally:
        sending.release(connection, worker)
        database.close()


def forget_old() -> None:
    """Throws away deliveries after 30 days, and what was sent as long ago."""
    before = timezone.now() - Delivery.RETENTION
    Delivery.objects.filter(at__lt=before).delete()
    OutboxChange.objects.filter(sent_at__lt=before).delete()
