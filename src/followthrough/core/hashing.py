"""Hashing of secrets in links and tokens: 256 random bits, of which only a SHA-256 digest is stored."""

from __future__ import annotations

import hashlib
import secrets


def digest(secret: str) -> str:
    """What is stored of a link's or token's secret."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def new_secret() -> str:
    """A secret for a link or token: 256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)
