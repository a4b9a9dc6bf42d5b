"""Running the command as people do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.ports import ReservedPort


def followthrough(*words: object, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """One run of the command to its end, on the data folder."""
    return subprocess.run(
        [sys.executable, "-m", "followthrough", *map(str, words)],
        env=_environment(data) | environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@contextmanager
def serving(data: Path, *words: str, **environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A running server: its address and process."""
    reserved = ReservedPort()
    port = reserved.number
    command = [sys.executable, "-m", "followthrough", "serve", "--port", str(port), *words]
    server = subprocess.Popen(
        command,
        env=_environment(data) | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _await(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}", server
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()
        reserved.close()


def interrupt(server: subprocess.Popen[str], how: signal.Signals = signal.SIGINT) -> tuple[int, str]:
    """Stops the server; its exit status and what it printed."""
    server.send_signal(how)
    output, _ = server.communicate(timeout=90)
    return server.returncode, output


def _environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FOLLOWTHROUGH_")}
    return kept | {"FOLLOWTHROUGH_DATA": str(data)}


def _await(address: str, server: subprocess.Popen[Any]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and server.poll() is None:
        try:
            httpx.get(f"{address}/accounts/login/", timeout=60)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")
