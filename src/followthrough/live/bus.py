"""Hints between the processes of one organisation, by PostgreSQL's LISTEN and NOTIFY.

A hint says that a topic's log may have grown. It may come late, twice or not at all: the slow look catches what is missed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import connection

log = logging.getLogger(__name__)
CHANNEL = "followthrough_live"
PAUSE = 2.0
"""Seconds until a lost connection is tried again."""


def tell(topic: str, seq: int) -> None:
    """Tells the other processes once the present transaction is committed; nothing where there is no PostgreSQL."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{seq}:{topic}"])


def listen(heard: Callable[[str, int], None]) -> None:
    """Calls `heard(topic, seq)` in a thread of its own for as long as the process lives."""
    if connection.vendor == "postgresql":
        threading.Thread(target=_listen_on, args=[heard], name="live-bus", daemon=True).start()


def _listen_on(heard: Callable[[str, int], None]) -> None:
    while True:
        try:
            _hear(heard)
        except Exception:
            log.exception("Hints of other processes are not heard; trying again")
        time.sleep(PAUSE)


def _hear(heard: Callable[[str, int], None]) -> None:
    """Until the connection is lost."""
    import psycopg  # noqa: PLC0415 - only installations on PostgreSQL have it

    arguments = connection.get_connection_params()
    for name in ("cursor_factory", "context"):
        arguments.pop(name, None)
    with psycopg.connect(**arguments, autocommit=True) as own:
        own.execute(f"LISTEN {CHANNEL}")
        for notification in own.notifies():
            seq, _, topic = notification.payload.partition(":")
            heard(topic, int(seq))
