"""Pub/sub between the processes of one organisation: by Valkey where it is set up, else by PostgreSQL's NOTIFY.

A hint says that a topic's log may have grown. It may come late, twice or not at all: the slow look catches what is missed. Words are JSON objects about who is where.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction

from followthrough.live import valkey

Heard = Callable[[str], None]

log = logging.getLogger(__name__)
CHANNEL = "followthrough_live"
RECONNECT_SECONDS = 2.0
"""Seconds until a lost connection is tried again."""


def publish(topic: str, seq: int) -> None:
    """Tells the other processes once the present transaction is committed; nothing where there is no bus."""
    if settings.VALKEY_URL:
        transaction.on_commit(lambda: valkey.publish(topic, seq))
    elif connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{seq}:{topic}"])


def exists() -> bool:
    """Whether there may be other processes."""
    return bool(settings.VALKEY_URL) or connection.vendor == "postgresql"


def broadcast(word: str) -> None:
    """Passes a JSON object on to all processes, this one too; outside transactions."""
    if settings.VALKEY_URL:
        valkey.broadcast(word)
    elif connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, word])


def listen(hint: Callable[[str, int], None], word: Callable[[str], None]) -> None:
    """Calls `hint(topic, seq)` and `word(json)` in a thread of its own for as long as the process lives."""

    def heard(message: str) -> None:
        if message.startswith("{"):
            return word(message)
        seq, _, topic = message.partition(":")
        return hint(topic, int(seq))

    if settings.VALKEY_URL:
        _for_ever(valkey.hear, heard)
    elif connection.vendor == "postgresql":
        _for_ever(_hear, heard)


def _for_ever(hear: Callable[[Heard], None], heard: Heard) -> None:
    threading.Thread(target=_listen_with, args=[hear, heard], name="live-bus", daemon=True).start()


def _listen_with(hear: Callable[[Heard], None], heard: Heard) -> None:
    """Says once for each loss that hints are missing, not at every attempt."""
    said = False
    while True:
        try:
            hear(heard)
        except Exception as error:  # noqa: BLE001 - whatever it is, the slow look goes on meanwhile
            if not said:
                log.warning("Hints of other processes are not heard, changes are looked for: %s", error)
            said = True
        time.sleep(RECONNECT_SECONDS)


def _hear(heard: Heard) -> None:
    """Until the connection is lost."""
    import psycopg  # noqa: PLC0415 - only installations on PostgreSQL have it

    arguments = connection.get_connection_params()
    for name in ("cursor_factory", "context"):
        arguments.pop(name, None)
    with psycopg.connect(**arguments, autocommit=True) as own:
        own.execute(f"LISTEN {CHANNEL}")
        for notification in own.notifies():
            heard(notification.payload)
