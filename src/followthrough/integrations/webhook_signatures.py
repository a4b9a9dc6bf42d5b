"""Signatures of incoming webhooks: HMAC over the raw body, compared in constant time, two secrets during a rotation."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

LATEST = timedelta(minutes=5)
"""A delivery that says it was sent longer ago than this, or so far ahead, is dropped where its sender says when."""
UNSIGNED = "It carries no signature."
WRONG = "Its signature is not that of a secret of this connection."
LATE = "It was sent more than five minutes ago, or bears a time ahead."


def is_signed(signature: str, body: bytes, secrets: Iterable[str]) -> bool:
    """Whether `signature` is the HMAC-SHA256 of the body, in hex, by one of the secrets; every one is tried."""
    given = signature.encode()
    right = [
        hmac.compare_digest(hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode(), given)
        for secret in secrets
        if secret
    ]
    return any(right)


def refusal_of(header: str, body: bytes, secrets: Iterable[str]) -> str:
    """Why a delivery is refused whose signature stands in a header as "sha256=…"; "" where it is right."""
    kind, _, signature = header.partition("=")
    if kind != "sha256" or not signature:
        return UNSIGNED
    return "" if is_signed(signature, body, secrets) else WRONG


def is_late(sent_at: datetime, now: datetime) -> bool:
    return abs(now - sent_at) > LATEST
