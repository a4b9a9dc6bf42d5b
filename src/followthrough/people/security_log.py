"""Security events as log lines: who came in, who failed to, and who was refused what (OWASP ASVS V16.3).

What an account's owner or an administrator changes stands in `activity` instead, which people can read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.auth import signals
from django.http import HttpRequest, HttpResponse

from followthrough.people.throttling import client_address

log = logging.getLogger("followthrough.security")
REFUSALS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


class Refusals:
    """Logs what somebody who is signed in was refused; what strangers were refused, django.request logs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in REFUSALS and request.user.is_authenticated:
            event = f"refused {response.status_code} {request.method} {request.path}"
            note(event, request, person=request.user)
        return response


def note(
    event: str, request: HttpRequest | None, *, person: Any = None, level: int = logging.WARNING
) -> None:
    """One line: what happened, to whose account (its key, never what was typed), from which address."""
    address = client_address(request) if request else "-"
    log.log(level, "%s person=%s address=%s", event, getattr(person, "pk", None) or "-", address)


def install() -> None:
    """Listens to what Django says of signing in and out; called once, from this room's ready()."""
    signals.user_logged_in.connect(_signed_in, dispatch_uid="people.security_log.in")
    signals.user_logged_out.connect(_signed_out, dispatch_uid="people.security_log.out")
    signals.user_login_failed.connect(_failed, dispatch_uid="people.security_log.failed")


def _signed_in(*, request: HttpRequest, user: Any, **_: Any) -> None:
    note("signed in", request, person=user, level=logging.INFO)


def _signed_out(*, request: HttpRequest, user: Any, **_: Any) -> None:
    note("signed out", request, person=user, level=logging.INFO)


def _failed(*, request: HttpRequest | None = None, **_: Any) -> None:
    note("sign-in failed", request)
