"""Real servers on this machine: one that hands out calendar files, and Radicale for CalDAV."""

from __future__ import annotations

import base64
import hashlib
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.request import parse_http_list, parse_keqv_list
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest


@dataclass
class Web:
    """A server of calendar files; `asked` are the requests it got: (path, headers)."""

    address: str
    files: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def web() -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            if self.path in site.redirects:
                self._answer(302, headers={"Location": site.redirects[self.path]})
            elif self.path not in site.files:
                self._answer(404)
            elif self.headers.get("If-None-Match") == f'"{hash(site.files[self.path])}"':
                self._answer(304)
            else:
                text = site.files[self.path]
                self._answer(200, text.encode(), {"ETag": f'"{hash(text)}"', "Content-Type": "text/calendar"})

        def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Web(f"http://127.0.0.1:{server.server_port}")
    yield from _running(server, site)


@dataclass
class Radicale:
    """A CalDAV server with one account, ada : secret, whose calendar is at `calendar`; `by_digest` refuses Basic."""

    address: str
    calendar: str
    root: Path
    by_digest: bool = False

    def put(self, name: str, text: str) -> None:
        self._send("PUT", f"{self.calendar}{name}", text.encode())

    def kept(self) -> dict[str, str]:
        """What is in the calendar: {name: text}, from the server's own files."""
        folder = self.root / "collection-root" / "ada" / "work"
        return {path.name: path.read_text() for path in folder.glob("*.ics")}

    def _send(self, method: str, address: str, body: bytes) -> None:
        basic = base64.b64encode(b"ada:secret").decode()
        request = urllib.request.Request(address, body, {"Authorization": f"Basic {basic}"}, method=method)
        urllib.request.urlopen(request).close()


_MAKE = b"""<?xml version="1.0"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
<D:displayname>Work</D:displayname><C:supported-calendar-component-set><C:comp name="VEVENT"/>
</C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>"""


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[Radicale]:
    from radicale import config  # noqa: PLC0415 - few tests need it
    from radicale.app import Application  # noqa: PLC0415

    (tmp_path / "users").write_text("ada:secret\n")
    settings: dict[str, Any] = {
        "auth": {
            "type": "htpasswd",
            "htpasswd_filename": str(tmp_path / "users"),
            "htpasswd_encryption": "plain",
        },
        "storage": {"filesystem_folder": str(tmp_path / "kept")},
        "logging": {"level": "critical"},
    }
    configuration = config.load()
    configuration.update(settings, "test", privileged=True)
    server = _Threads(("127.0.0.1", 0), _Silent)
    address = f"http://127.0.0.1:{server.server_port}/"
    made = Radicale(address, f"{address}ada/work/", tmp_path / "kept")
    server.set_app(_door(Application(configuration), made))
    for running in _running(server, made):
        running._send("MKCALENDAR", running.calendar, _MAKE)
        yield running


def _door(application: Any, made: Radicale) -> Any:
    """In front of Radicale, which has no digest authentication of its own."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        if not made.by_digest:
            return application(environ, start_response)
        if not _knows_the_password(environ):
            asked = (
                'Digest realm="Radicale", qop="auth,auth-int", algorithm=SHA-256, nonce="a,b=", opaque="x"'
            )
            start_response("401 Unauthorized", [("WWW-Authenticate", asked), ("Content-Length", "0")])
            return [b""]
        return application(environ | {"HTTP_AUTHORIZATION": "Basic YWRhOnNlY3JldA=="}, start_response)

    return answer


def _knows_the_password(environ: dict[str, Any]) -> bool:
    kind, _, rest = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    said = parse_keqv_list(parse_http_list(rest)) if kind == "Digest" else {}

    def mixed(*parts: str) -> str:
        return hashlib.sha256(":".join(parts).encode()).hexdigest()

    request = mixed(environ["REQUEST_METHOD"], environ["PATH_INFO"])
    counted = [said.get(name, "") for name in ("nonce", "nc", "cnonce", "qop")]
    return said.get("response") == mixed(mixed("ada", "Radicale", "secret"), *counted, request)


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def _running(server: Any, what: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield what
    server.shutdown()
    server.server_close()


@pytest.fixture
def allowed(settings: Any) -> None:
    """This machine's own addresses may be read."""
    settings.CALENDAR_NETWORKS = ["127.0.0.0/8"]
