"""Digest authentication (RFC 7616) for CalDAV servers that want no password itself.

Knows nothing of Django: it runs in the reading process.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from itertools import count
from urllib.parse import urlsplit

_HASHES: dict[str, Callable[[bytes], str]] = {
    "SHA-256": lambda text: hashlib.sha256(text).hexdigest(),
    "MD5": lambda text: hashlib.md5(text, usedforsecurity=False).hexdigest(),
}
"""What we can do, the best first."""
_CHALLENGE = re.compile(r'\bDigest\s+((?:[\w-]+\s*=\s*(?:"[^"]*"|[^\s,"]+)\s*,?\s*)+)', re.IGNORECASE)
_PART = re.compile(r'(?<![\w-])([\w-]{1,40})\s{0,9}=\s{0,9}(?:"([^"]*)"|([^\s,"]+))')


@dataclass
class Challenge:
    """What a server wants to be answered, again with each request."""

    realm: str
    nonce: str
    algorithm: str
    opaque: str | None = None
    counts: count[int] = field(default_factory=lambda: count(1))

    def answer(self, method: str, url: str, username: str, password: str, *, cnonce: str = "") -> str:
        """The Authorization header of one request."""
        parts = urlsplit(url)
        uri = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        cnonce, number = cnonce or secrets.token_hex(16), f"{next(self.counts):08x}"
        secret = self._hash(username, self.realm, password)
        said = self._hash(secret, self.nonce, number, cnonce, "auth", self._hash(method, uri))
        quoted = {
            "username": username,
            "realm": self.realm,
            "nonce": self.nonce,
            "uri": uri,
            "response": said,
            "cnonce": cnonce,
        }
        if self.opaque is not None:
            quoted["opaque"] = self.opaque
        inside = [f'{name}="{_escaped(value)}"' for name, value in quoted.items()]
        return f"Digest {', '.join(inside)}, algorithm={self.algorithm}, qop=auth, nc={number}"

    def _hash(self, *parts: str) -> str:
        return _HASHES[self.algorithm](":".join(parts).encode())


def challenge_in(headers: Message) -> Challenge | None:
    """The best challenge of an answer that can be met; None where there is none."""
    found = []
    for line in headers.get_all("WWW-Authenticate", []):
        for challenge in _CHALLENGE.finditer(str(line)):
            parts = {name.lower(): quoted or bare for name, quoted, bare in _PART.findall(challenge[1])}
            algorithm = parts.get("algorithm", "MD5").upper()
            if algorithm in _HASHES and "auth" in re.split(r"[\s,]+", parts.get("qop", "")):
                found.append(Challenge(parts["realm"], parts["nonce"], algorithm, parts.get("opaque")))
    return min(found, key=lambda one: list(_HASHES).index(one.algorithm), default=None)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
