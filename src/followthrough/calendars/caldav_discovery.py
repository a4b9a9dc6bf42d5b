"""CalDAV service discovery: where a domain says that its server is, by DNS SRV and TXT records (RFC 6764).

Knows nothing of Django: it runs in the reading process.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

WELL_KNOWN = "/.well-known/caldav"
_DNS_TIMEOUT_SECONDS = 3.0
_SERVICES = {"https": "_caldavs._tcp", "http": "_caldav._tcp"}


def discover_servers(address: str, scheme: str) -> list[str]:
    """What the records of a bare domain name for "https" or "http", the preferred first.

    Nothing for an address with a port or a path. Only servers inside the domain count: a forged record must not get hold of a password.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.port or parts.path.strip("/") or not _is_domain(host):
        return []
    name = f"{_SERVICES[scheme]}.{host}"
    rows = sorted(
        (row.priority, -row.weight, str(row.target).rstrip("."), row.port) for row in _look_up(name, "SRV")
    )
    path = (
        next((text for row in _look_up(name, "TXT") if (text := _path_in(row))), WELL_KNOWN) if rows else ""
    )
    inside = [(target, port) for *_, target, port in rows if f".{target}".endswith(f".{host}")]
    return [f"{scheme}://{target}:{port}{path}" for target, port in inside]


def _look_up(name: str, kind: str) -> list[Any]:
    from dns.exception import DNSException  # noqa: PLC0415 - only here
    from dns.resolver import resolve  # noqa: PLC0415 - only here

    try:
        return list(resolve(name, kind, lifetime=_DNS_TIMEOUT_SECONDS))
    except DNSException:
        return []


def _path_in(row: object) -> str:
    """The path of a TXT record: "path=/dav/"."""
    text = b"".join(getattr(row, "strings", ())).decode("utf-8", "replace")
    return text.removeprefix("path=") if text.startswith("path=/") else ""


def _is_domain(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return "." in host
    return False
