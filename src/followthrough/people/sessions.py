"""The session engine: Django's in the database, with an idle timeout and an absolute one (OWASP ASVS V3.3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

BEGAN, SEEN = "began_at", "seen_at"
"""Where a session holds, in seconds since 1970, when its person signed in and when they were last here."""
SEEN_EVERY_SECONDS = 600
"""How exactly the latter is kept: noting it is a write."""


class SessionStore(DatabaseStore):
    """Ends after SESSION_COOKIE_AGE without a request, and SESSION_LONGEST_SECONDS after signing in whatever happens."""

    def get_expiry_age(self, **_: Any) -> int:
        """Seconds until it ends, if nothing is heard of it."""
        idle: int = settings.SESSION_COOKIE_AGE
        if (began := self.get(BEGAN)) is None:
            return idle
        return min(idle, int(began + settings.SESSION_LONGEST_SECONDS - timezone.now().timestamp()))

    def get_expiry_date(self, **_: Any) -> datetime:
        """The moment of that."""
        return timezone.now() + timedelta(seconds=self.get_expiry_age())


def begin(session: SessionBase) -> None:
    """Starts both clocks: somebody has signed in."""
    session[BEGAN] = session[SEEN] = timezone.now().timestamp()


def keep_alive(session: SessionBase) -> None:
    """Puts the idle timeout off: its person is here."""
    if BEGAN not in session:
        begin(session)
    elif timezone.now().timestamp() - session.get(SEEN, 0) > SEEN_EVERY_SECONDS:
        session[SEEN] = timezone.now().timestamp()
