"""Addresses that people type in lead to the open internet or nowhere."""

from __future__ import annotations

import socket
from ipaddress import ip_network

import pytest

from followthrough.core.safe_http import AddressRefused, SafeHttpClient
from tests.servers import Web


def http_client(*allowed: str, seconds: float = 5, most: int = 1000) -> SafeHttpClient:
    return SafeHttpClient(allowed=[ip_network(one) for one in allowed], seconds=seconds, most=most)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.7", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "::", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_private_addresses_are_not_reached_in_any_spelling(address: str):
    assert not http_client().may_reach(address, secure=True)


def test_the_open_internet_is_reached_by_tls_only():
    assert http_client().may_reach("93.184.215.14", secure=True)
    assert http_client().may_reach("2606:2800:21f:cb07:6820:80da:af6b:8b2c", secure=True)
    assert not http_client().may_reach("93.184.215.14", secure=False)


def test_a_name_of_this_machine_is_refused_in_words_and_read_once_allowed(web: Web):
    web.files["/busy.ics"] = "BEGIN:VCALENDAR"
    address = f"{web.address}/busy.ics".replace("127.0.0.1", "localhost")
    with pytest.raises(AddressRefused, match="FOLLOWTHROUGH_CALENDAR_NETWORKS"):
        http_client().request("GET", address)
    assert web.asked == []
    assert http_client("127.0.0.0/8", "::1/128").request("GET", address).text == "BEGIN:VCALENDAR"


def test_a_redirect_is_looked_at_like_the_address_itself(web: Web):
    web.redirects["/busy.ics"] = "http://127.0.0.2:1/"
    with pytest.raises(AddressRefused, match="private network"):
        http_client("127.0.0.1/32").request("GET", f"{web.address}/busy.ics")
    web.redirects["/a"], web.redirects["/b"] = "/b", "/a"
    with pytest.raises(AddressRefused, match="without end"):
        http_client("127.0.0.1/32").request("GET", f"{web.address}/a")


def test_credentials_do_not_follow_to_another_server(web: Web):
    web.files["/end"] = "there"
    web.redirects["/start"] = f"{web.address.replace('127.0.0.1', 'localhost')}/end"
    web.redirects["/same"] = "/end"
    sent = {"Authorization": "Basic c2VjcmV0"}
    allowed = http_client("127.0.0.0/8", "::1/128")
    allowed.request("GET", f"{web.address}/start", headers=sent)
    allowed.request("GET", f"{web.address}/same", headers=sent)
    assert ["Authorization" in headers for path, headers in web.asked if path == "/end"] == [False, True]


def test_a_name_that_points_elsewhere_a_moment_later_is_no_way_in(web: Web, monkeypatch: pytest.MonkeyPatch):
    port = int(web.address.rsplit(":", 1)[1])
    asked = []

    def resolve(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        where = "93.184.215.14" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, port))]

    class Line(socket.socket):
        def connect(self, where: object) -> None:
            reached.append(where)
            raise ConnectionRefusedError

    reached: list[object] = []
    monkeypatch.setattr("socket.getaddrinfo", resolve)
    monkeypatch.setattr("socket.socket", Line)
    with pytest.raises(ConnectionRefusedError):
        http_client().request("GET", f"https://rebinds.example:{port}/")
    assert asked == ["rebinds.example"]
    assert reached == [("93.184.215.14", port)]


def test_too_much_is_not_read(web: Web):
    web.files["/busy.ics"] = "x" * 2000
    with pytest.raises(AddressRefused, match="larger"):
        http_client("127.0.0.1/32").request("GET", f"{web.address}/busy.ics")


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.org/x", "https://", "gopher://x"])
def test_only_the_web_is_read(address: str):
    with pytest.raises(AddressRefused, match="https://"):
        http_client().request("GET", address)
