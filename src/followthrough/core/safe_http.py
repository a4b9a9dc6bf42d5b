"""SSRF guard: HTTP to addresses that people typed in, never to this machine or its network unless allowed.

Each connection goes to an address that was checked after its name was resolved, once: a name that points elsewhere a
moment later (DNS rebinding) and a redirect are no way round. Knows nothing of Django: it runs in the reading process.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPResponse
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

Network = IPv4Network | IPv6Network
MAX_REDIRECTS = 5
_CHUNK_BYTES = 65_536
_NAT64 = IPv6Network("64:ff9b::/96")


class AddressRefused(Exception):
    """The address may not or cannot be read; the message is for the person who gave it."""


@dataclass(frozen=True)
class HttpAnswer:
    """What a server said. The names are those that the caldav library reads."""

    status_code: int
    reason: str
    headers: Message
    content: bytes
    url: str

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


class SafeHttpClient:
    """Carries out requests within one time limit (seconds) and a size limit (bytes) for each answer."""

    def __init__(
        self,
        *,
        allowed: Sequence[Network],
        seconds: float,
        most: int,
        redirects: int = MAX_REDIRECTS,
        networks_setting: str = "FOLLOWTHROUGH_CALENDAR_NETWORKS",
    ) -> None:
        self.allowed, self.most, self.redirects = allowed, most, redirects
        self.networks_setting = networks_setting
        self.deadline = time.monotonic() + seconds

    def request(
        self, method: str, address: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> HttpAnswer:
        """The answer, after at most `redirects`; credentials are not taken along to another server.

        Without any redirects one is an answer like others.
        """
        sent = dict(headers or {}) | {"Accept-Encoding": "identity", "User-Agent": "Followthrough"}
        for _ in range(self.redirects + 1):
            answer = self._once(method, address, body, sent)
            place = answer.headers.get("location", "")
            if not self.redirects or answer.status_code not in {301, 302, 303, 307, 308} or not place:
                return answer
            following = urljoin(address, place)
            if urlsplit(following)[:2] != urlsplit(address)[:2]:
                sent = {name: value for name, value in sent.items() if name.lower() != "authorization"}
            method = "GET" if answer.status_code == 303 else method
            address = following
        raise AddressRefused("The server sends one from address to address without end.")

    def _once(self, method: str, address: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise AddressRefused("The address must begin with https:// or webcal://.")
        connection = _Connection(self, parts)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, path, body=body or None, headers=dict(headers))
            response = connection.getresponse()
            return HttpAnswer(
                response.status, response.reason, response.headers, self._read(response), address
            )
        finally:
            connection.close()

    def _read(self, response: HTTPResponse) -> bytes:
        parts, size = [], 0
        while chunk := response.read1(_CHUNK_BYTES):
            size += len(chunk)
            if size > self.most:
                raise AddressRefused(
                    f"The answer is larger than {self.most // 1_000_000} MB, so it was not read."
                )
            parts.append(chunk)
            self.time_left()
        return b"".join(parts)

    def time_left(self) -> float:
        """Seconds until the limit; TimeoutError once it has passed."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def reach(self, host: str, port: int, *, secure: bool) -> socket.socket:
        """A connection to the first address of `host` that may be reached and answers."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        open_to = [row for row in found if self.may_reach(str(row[4][0]), secure=secure)]
        if not open_to:
            raise AddressRefused(self._why_not(found))
        failure: OSError = ConnectionError()
        for family, kind, protocol, _, where in open_to:
            line = socket.socket(family, kind, protocol)
            line.settimeout(min(10, self.time_left()))
            try:
                line.connect(where)
            except OSError as error:
                line.close()
                failure = error
            else:
                return line
        raise failure

    def may_reach(self, address: str, *, secure: bool) -> bool:
        """Whether this is an allowed network, or an address of the open internet that is reached over TLS."""
        ip = _meant(ip_address(address.split("%", maxsplit=1)[0]))
        if any(ip in network for network in self.allowed if network.version == ip.version):
            return True
        return secure and ip.is_global and not ip.is_multicast

    def _why_not(self, found: Sequence[tuple[object, ...]]) -> str:
        if any(self.may_reach(str(row[4][0]), secure=True) for row in found):  # type: ignore[index]
            return "Only https:// addresses are read, because the address or the password is a secret."
        return (
            "This address leads into a private network. An administrator can allow it with"
            f" {self.networks_setting}."
        )


class _Connection(HTTPConnection):
    """Reaches its host by the guard alone."""

    def __init__(self, http_client: SafeHttpClient, parts: SplitResult) -> None:
        self.http_client, self.secure = http_client, parts.scheme == "https"
        self.default_port = 443 if self.secure else 80
        super().__init__(parts.hostname or "", parts.port or self.default_port)

    def connect(self) -> None:
        self.sock = self.http_client.reach(self.host, self.port, secure=self.secure)
        if self.secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def _meant(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one carries in it, else itself."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)
