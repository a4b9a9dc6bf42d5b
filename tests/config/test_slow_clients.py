"""Slow clients cost nobody a page: fifty of five sorts against a real server, compared with the same server in peace."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from tests.cli.commands import serving
from tests.shared_data import ROOT, run_python

pytestmark = pytest.mark.slow

SEED = """
import django; django.setup()
from tests.factories import make_person, signed_in
client = signed_in(make_person("Ada"))
print(client.cookies["followthrough_session"].value)
"""
HEAD = "POST /accounts/login/ HTTP/1.1\r\nHost: {host}\r\nCookie: followthrough_csrf=x{cookie}\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
SORTS = {
    "headers": "POST /accounts/login/ HTTP/1.1\r\nHost: {host}\r\nX-Slow: ",
    "short body": HEAD + FORM + "Content-Length: 2000\r\n\r\nlogin=",
    "long body": HEAD + FORM + "Content-Length: 300000\r\n\r\nlogin=",
    "multipart": HEAD
    + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 300000\r\n\r\n--b\r\n",
    "chunks": HEAD + FORM + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    "reading": "GET /static/build/{long} HTTP/1.1\r\nHost: {host}\r\n\r\n" * 4,
}


def longest_asset() -> str:
    files = (ROOT / "src/followthrough/static/build").glob("*.js")
    return max(files, key=lambda path: path.stat().st_size).name


def least_seconds(browser: httpx.Client) -> float:
    """Of sign-in pages: the quickest tells what it takes, the others what else runs here."""
    times = []
    for _ in range(12):
        began = time.perf_counter()
        assert browser.get("/accounts/login/").status_code == 200
        times.append(time.perf_counter() - began)
    return min(times)


class Running(NamedTuple):
    """A server, and the session of somebody who may sign in."""

    address: str
    session: str

    @property
    def place(self) -> tuple[str, int]:
        found = urlsplit(self.address)
        return found.hostname or "", found.port or 0


@pytest.fixture(scope="module")
def running(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = Path(shutil.copytree(migrated, tmp_path_factory.mktemp("slow") / "data"))
    session = run_python("-c", SEED, data=data).strip()
    with serving(data, "--no-worker") as (address, _):
        yield Running(address, session)


def test_fifty_slow_clients_of_each_sort_hold_up_no_page(running: Running):
    with httpx.Client(base_url=running.address, timeout=20) as browser, ExitStack() as clients:
        in_peace = least_seconds(browser)
        host, cookie = urlsplit(running.address).netloc, f"; followthrough_session={running.session}"
        slow = []
        for text in [text for text in SORTS.values() for _ in range(50)]:
            client = clients.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(running.place)
            client.sendall(text.format(host=host, cookie=cookie, long=longest_asset()).encode())
            slow.append(client)
        least_seconds(browser)  # the work that 300 new clients are
        for client in slow[:250]:
            client.send(b"a")
        assert least_seconds(browser) < 5 * in_peace + 0.05


def test_what_may_not_be_sent_is_refused_without_taking_it(running: Running):
    long = b"x" * 3_000_000
    with httpx.Client(base_url=running.address, timeout=20) as browser:
        browser.get("/accounts/login/")
        unknown = browser.post("/accounts/login/", files={"a": long}, headers={"Accept": "text/html"})
        assert unknown.status_code == 413
        assert "people who are signed in. Nothing was saved." in unknown.text
        browser.cookies.set("followthrough_session", running.session)
        told = browser.post("/profile/", files={"a": long}, headers={"Accept": "application/json"})
        assert (told.status_code, told.json()["message"][:23]) == (413, "This is more than 1 MB,")
        foreign = {"Origin": "https://evil.example"}
        assert browser.post("/incidents/import/", files={"upload": long}, headers=foreign).status_code == 403
        form = {"csrfmiddlewaretoken": browser.cookies["followthrough_csrf"]}
        sent = browser.post("/incidents/import/", data=form, files={"upload": ("a.csv", b"title\n" + long)})
        assert sent.status_code == 302
        assert browser.post("/api/incidents/", content=long).status_code == 413
        assert browser.get("/profile/").status_code == 200


def test_a_request_without_a_host_is_refused(running: Running):
    with socket.create_connection(running.place) as client:
        client.sendall(b"GET /accounts/login/ HTTP/1.1\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 400")
