"""A domain's own records lead to its CalDAV server, and digest authentication answers what servers ask."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from typing import Any

import pytest
from dns.exception import DNSException

from followthrough.calendars.caldav_discovery import discover_servers
from followthrough.calendars.digest_auth import challenge_in

EXAMPLE = {
    "username": "Mufasa",
    "password": "Circle of Life",
    "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
}


def answered(*challenges: str) -> Message:
    headers = Message()
    for challenge in challenges:
        headers["WWW-Authenticate"] = challenge
    return headers


def of_rfc(algorithm: str) -> str:
    """The challenge of RFC 7616, section 3.9.1."""
    return (
        f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )


@pytest.mark.parametrize(
    ("challenges", "response"),
    [
        ([of_rfc("MD5")], "8ca523f5e9506fed4657c9700eebdbec"),
        (
            [of_rfc("MD5"), of_rfc("SHA-256")],
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
        (
            [f'Basic realm="x", {of_rfc("SHA-256")}'],
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
    ],
)
def test_the_examples_of_the_rfc_come_out(challenges: list[str], response: str):
    challenge = challenge_in(answered(*challenges))
    assert challenge
    said = challenge.answer("GET", "http://www.example.org/dir/index.html", **EXAMPLE)
    assert f'response="{response}"' in said
    assert "nc=00000001" in said
    assert "nc=00000002" in challenge.answer("GET", "http://www.example.org/", "Mufasa", "x")


@pytest.mark.parametrize(
    "challenge", ['Basic realm="x"', of_rfc("SHA-512-256"), 'Digest realm="x", nonce="y"', "Digest"]
)
def test_what_cannot_be_answered_is_left(challenge: str):
    assert challenge_in(answered(challenge)) is None


@dataclass
class Named:
    """A record as dnspython has it."""

    target: str = ""
    port: int = 443
    priority: int = 0
    weight: int = 0
    strings: tuple[bytes, ...] = ()


def test_records_inside_the_domain_are_followed_by_preference(monkeypatch: pytest.MonkeyPatch):
    records = {
        ("_caldavs._tcp.example.org", "SRV"): [
            Named("second.example.org.", 8443, priority=20),
            Named("dav.example.org.", priority=10),
            Named("dav.attacker.net.", priority=0),
            Named("badexample.org.", priority=0),
        ],
        ("_caldavs._tcp.example.org", "TXT"): [Named(strings=(b"path=/dav/",))],
        ("_caldavs._tcp.plain.org", "SRV"): [Named("plain.org.")],
    }

    def resolve(name: str, kind: str, **_: Any) -> list[Named]:
        if (name, kind) not in records:
            raise DNSException
        return records[name, kind]

    monkeypatch.setattr("dns.resolver.resolve", resolve)
    found = discover_servers("https://example.org", "https")
    assert found == ["https://dav.example.org:443/dav/", "https://second.example.org:8443/dav/"]
    assert discover_servers("https://plain.org/", "https") == ["https://plain.org:443/.well-known/caldav"]
    assert discover_servers("https://example.org/", "http") == []
    for left in (
        "https://example.org:8443",
        "https://example.org/dav/",
        "https://192.0.2.1",
        "https://localhost",
    ):
        assert discover_servers(left, "https") == []
