"""Authentication and authorisation of sockets: at connect, cached for a while, asked again on a change."""

from __future__ import annotations

import time
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.http.request import validate_host

from followthrough.core.errors import DomainError
from followthrough.core.parsing import split_url
from followthrough.live import protocol
from followthrough.live.room_backend import RoomBackend
from followthrough.people.models import User

REMEMBERED_SECONDS = 9 * 60
"""Seconds that an answer counts; with the watcher's second it stays well within ten minutes."""


class Unauthorised(Exception):
    """The person may not be in the room; `code` closes the socket."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class RoomSession:
    """One connection's right to be in one room, with the moment it was last checked."""

    def __init__(self, backend: RoomBackend, number: int, session_key: str) -> None:
        self.backend = backend
        self.number = number
        self.session_key = session_key
        self.person = self._check()
        self.checked_at = time.monotonic()

    def invalidate(self) -> None:
        """Forgets the answer: the next use asks again."""
        self.checked_at = float("-inf")

    @property
    def is_stale(self) -> bool:
        return time.monotonic() - self.checked_at > REMEMBERED_SECONDS

    def reauthorise(self) -> None:
        """Asks again if the answer is stale; raises Refused."""
        if self.is_stale:
            self.person = self._check()
            self.checked_at = time.monotonic()

    def _check(self) -> User:
        person = signed_in(self.session_key)
        if person is None:
            raise Unauthorised(
                protocol.NOT_SIGNED_IN,
                "You are signed out. Sign in again to go on; your unsent text is kept.",
            )
        try:
            self.backend.authorise(person, self.number)
        except DomainError as error:
            raise Unauthorised(protocol.NOT_VISIBLE, error.message) from error
        return person


def signed_in(session_key: str) -> User | None:
    """The active person of a session, exactly as a page would find them."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key or None)
    person = get_user(request)
    return person if isinstance(person, User) and person.is_active else None


def session_key(headers: Mapping[str, str]) -> str:
    """The session's key from the request's cookies, or ""."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a page of this very product opened the socket; other sites' pages may not."""
    origin, host = headers.get("origin", ""), headers.get("host", "")
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    parts = split_url(origin)
    return (
        bool(host)
        and parts is not None
        and parts.netloc == host
        and validate_host(name, settings.ALLOWED_HOSTS)
    )


def headers_of(scope: Mapping[str, Any]) -> dict[str, str]:
    """The request's headers by lower-case name."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
