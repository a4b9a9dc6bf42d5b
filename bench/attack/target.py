"""The server under attack, and how somebody inside it sends a form."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

CSRF = "".join(secrets.choice(string.ascii_letters) for _ in range(32))


@dataclass(frozen=True)
class Target:
    """Where it is; `attacker` and `sessions` are the session keys of an ordinary member and of the others."""

    address: str
    room: int
    large: int
    large_entries: int
    rooms: list[int]
    sessions: list[str]
    attacker: str
    administrator: str
    hook: str
    share: str

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 80

    def cookie(self, *, session: str | None = None) -> str:
        """The Cookie header of the attacker, or of somebody else."""
        return f"followthrough_csrf={CSRF}; followthrough_session={session or self.attacker}"

    def inside(self, *, timeout_seconds: float = 120) -> httpx.AsyncClient:
        """A client that is signed in as the attacker and may send forms."""
        headers = {"Cookie": self.cookie(), "X-CSRFToken": CSRF, "Origin": self.address}
        return httpx.AsyncClient(base_url=self.address, headers=headers, timeout=timeout_seconds)

    def outside(self, *, timeout_seconds: float = 120) -> httpx.AsyncClient:
        """A client of somebody who is not signed in, with the cookie of the sign-in page."""
        headers = {"Cookie": f"followthrough_csrf={CSRF}", "X-CSRFToken": CSRF, "Origin": self.address}
        return httpx.AsyncClient(base_url=self.address, headers=headers, timeout=timeout_seconds)

    def as_administrator(self) -> httpx.AsyncClient:
        headers = {
            "Cookie": self.cookie(session=self.administrator),
            "X-CSRFToken": CSRF,
            "Origin": self.address,
        }
        return httpx.AsyncClient(base_url=self.address, headers=headers, timeout=120)

    def socket_address(self, room: int) -> str:
        return f"{self.address.replace('http', 'ws', 1)}/live/incidents/{room}/"
