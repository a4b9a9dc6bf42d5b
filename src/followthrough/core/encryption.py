"""Encryption at rest of addresses and passwords, so that the database alone does not give them away."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

from django.conf import settings

from followthrough.core.errors import DomainError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def encrypt(facts: dict[str, str]) -> str:
    """The facts, encrypted with the server's secret key."""
    return _lock().encrypt(json.dumps(facts).encode()).decode()


def decrypt(encrypted: str) -> dict[str, str]:
    """The facts again; DomainError once the secret key is another."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - only where calendars are read

    try:
        facts: dict[str, str] = json.loads(_lock().decrypt(encrypted.encode()))
    except InvalidToken as error:
        raise DomainError(
            "The server's secret key has changed, so what was sealed with it is lost. Remove it here and add it again."
        ) from error
    return facts


def _lock() -> Fernet:
    from cryptography.fernet import Fernet  # noqa: PLC0415 - only where calendars are read

    key = hashlib.sha256(f"calendars:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
