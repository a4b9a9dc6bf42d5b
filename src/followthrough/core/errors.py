"""Errors that a person can act on; middleware, API and live room all render them."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """What happened, what was kept and what to do, with the HTTP status it maps to.

    `field` names the form field or argument the message belongs to, if one does.
    """

    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(DomainError):
    """The person may see the thing but may not do this to it."""

    status = 403


class NotFound(DomainError):
    """The thing does not exist or may not be seen: the two are never told apart."""

    status = 404


class Conflict(DomainError):
    """Somebody else changed the thing first; `current` is how it stands now."""

    status = 409

    def __init__(
        self, message: str, *, current: dict[str, Any] | None = None, field: str | None = None
    ) -> None:
        super().__init__(message, field=field)
        self.current = current or {}
