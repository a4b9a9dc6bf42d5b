"""A real server with its own data folder, and a browserless visitor."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

import httpx


def make_organisation(incidents: int) -> Path:
    """A data folder with the sample organisation and `incidents` generated ones."""
    data = Path(tempfile.mkdtemp(prefix=f"followthrough-bench-{incidents}-"))
    command = [sys.executable, "-m", "followthrough", "demo", "--data", str(data), "--scale", str(incidents)]
    subprocess.run(command, check=True, env=environment(data), stdout=subprocess.DEVNULL)
    return data


@contextmanager
def serving(data: Path, *, demo: bool = True) -> Iterator[tuple[str, int]]:
    """Runs `followthrough serve` on `data`; gives its address and process number."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "followthrough",
        "serve",
        *(["--demo"] if demo else []),
        "--data",
        str(data),
        "--port",
        str(port),
    ]
    with subprocess.Popen(
        command, env=environment(data), stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    ) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield address, server.pid
        finally:
            server.terminate()


def visitor(address: str, *, name: str = "Sana Qureshi") -> httpx.Client:
    """A client that is signed in as a sample person."""
    client = httpx.Client(base_url=address, headers={"Accept-Encoding": "gzip"}, timeout=30)
    page = client.get("/accounts/login/").text
    found = re.search(
        rf'name="person"[^>]*value="(\d+)"[^>]*>(?:(?!</button>).)*{re.escape(name)}', page, re.DOTALL
    )
    if found is None:
        raise SystemExit(f"The sign-in page does not offer {name}.")
    client.post("/accounts/sample/", data={"person": found[1], "csrfmiddlewaretoken": token_in(page)})
    return client


def token_in(page: str) -> str:
    """The page's guard against forged forms."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    return found[1] if found else ""


class FormValues(HTMLParser):
    """What a browser would send if nothing were changed in the form with `action` (None: the first that posts)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._select = ""
        self._first_option: dict[str, str] = {}
        self.feed(page)
        for name, value in self._first_option.items():
            self.values.setdefault(name, [value])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        row = dict(attrs)
        name, value = row.get("name"), row.get("value") or ""
        if tag == "input" and name and (row.get("type") not in {"checkbox", "radio"} or "checked" in row):
            self.values.setdefault(name, []).append(value)
        elif tag == "textarea" and name:
            self.values.setdefault(name, [""])
        elif tag == "select":
            self._select = "" if "multiple" in row else name or ""
        elif tag == "option" and self._select:
            self._first_option.setdefault(self._select, value)
            if "selected" in row:
                self.values[self._select] = [value]


def environment(data: Path) -> dict[str, str]:
    """That of a process which works on `data`."""
    return os.environ | {"FOLLOWTHROUGH_DATA": str(data), "FOLLOWTHROUGH_LOG_LEVEL": "WARNING"}


def free_port() -> int:
    """One that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(address: str) -> None:
    for _ in range(150):
        try:
            httpx.get(f"{address}/accounts/login/", timeout=5)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The server did not start within 30 seconds.")
