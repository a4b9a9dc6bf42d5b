"""Hints by the pub/sub of a Valkey or Redis server: publishing never waits, and what cannot be sent is let go."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 2.0
"""Seconds that a server may take to answer, and until one that did not is tried again."""
MAX_QUEUED = 1_000
PING_AFTER_SECONDS = 20
"""Seconds after which a silent connection is asked whether it still stands."""


def connect() -> Redis:
    """A client of the server that the settings name; raises ImportError where redis-py is not installed."""
    from redis import Redis  # noqa: PLC0415 - only installations with Valkey have it

    address = settings.VALKEY_URL.replace("valkey", "redis", 1)
    return Redis.from_url(address, socket_connect_timeout=TIMEOUT_SECONDS, socket_timeout=TIMEOUT_SECONDS)


def channel() -> str:
    """Organisations may share a server: each has a channel of its own, known to who has its secret key."""
    return f"followthrough:live:{sha256(settings.SECRET_KEY.encode()).hexdigest()[:16]}"


class _Publisher(threading.Thread):
    """Sends the newest sequence of each topic; a server that is away holds up nobody."""

    def __init__(self) -> None:
        super().__init__(name="live-publish", daemon=True)
        self._newest: dict[str, int] = {}
        self._words: deque[str] = deque(maxlen=MAX_QUEUED)
        self._some = threading.Condition()

    def put(self, topic: str, seq: int) -> None:
        with self._some:
            self._newest[topic] = max(seq, self._newest.get(topic, 0))
            self._some.notify()

    def say(self, word: str) -> None:
        with self._some:
            self._words.append(word)
            self._some.notify()

    def run(self) -> None:
        client = None
        while True:
            news = self._take()
            try:
                client = client or connect()
                for message in news:
                    client.publish(channel(), message)
            except Exception as error:  # noqa: BLE001 - hints may be lost; the slow look goes on
                log.debug("Hints were not published: %s", error)
                client = None
                time.sleep(TIMEOUT_SECONDS)

    def _take(self) -> list[str]:
        with self._some:
            self._some.wait_for(lambda: self._newest or self._words)
            news = [f"{seq}:{topic}" for topic, seq in self._newest.items()] + list(self._words)
            self._newest.clear()
            self._words.clear()
        return news


_publisher: _Publisher | None = None
_starting = threading.Lock()


def publish(topic: str, seq: int) -> None:
    """Tells all processes soon; returns at once."""
    _running().put(topic, seq)


def broadcast(word: str) -> None:
    """Passes `word` on to all processes soon; returns at once."""
    _running().say(word)


def _running() -> _Publisher:
    global _publisher  # noqa: PLW0603 - one thread for the process, started by the first hint
    with _starting:
        if _publisher is None:
            _publisher = _Publisher()
            _publisher.start()
        return _publisher


def hear(heard: Callable[[str], None]) -> None:
    """Calls `heard(message)` for each message until the connection is lost, which raises."""
    with connect() as client, client.pubsub() as subscription:
        subscription.subscribe(channel())
        asked = time.monotonic()
        while True:
            message = subscription.get_message(ignore_subscribe_messages=True, timeout=TIMEOUT_SECONDS / 2)
            if message and message["type"] == "message":
                heard(message["data"].decode())
            elif time.monotonic() - asked > PING_AFTER_SECONDS:
                subscription.ping()
                asked = time.monotonic()
