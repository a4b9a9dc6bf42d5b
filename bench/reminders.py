"""Reminders: a pass that finds nothing due, and thousands of mails by two workers to a local server."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from bench.server import free_port
from bench.table import heading, row

ACTIONS, PROMISES, MAILS = 100_000, 20_000, 5_000
PASS_MS, MAILS_S = 50, 60
GIVEN_UP = 300


class Counted:
    """Counts what arrives by its Message-ID."""

    def __init__(self) -> None:
        self.arrived: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        head = envelope.content.split(b"\r\n\r\n", 1)[0].decode()
        name = next(line for line in head.splitlines() if line.lower().startswith("message-id:"))
        self.arrived[name] += 1
        return "250 OK"


def main() -> None:
    """Prints both figures."""
    data = Path(tempfile.mkdtemp(prefix="followthrough-bench-reminders-"))
    box = Counted()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    environment = os.environ | {
        "FOLLOWTHROUGH_DATA": str(data),
        "FOLLOWTHROUGH_MAIL_URL": f"smtp://127.0.0.1:{controller.port}",
        "FOLLOWTHROUGH_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "followthrough.config.settings",
    }
    heading("reminders", f"{(ACTIONS + PROMISES) // 1000:,}k rows")
    seeded = _in_child("bench.reminders_seed", environment)
    median = float(seeded.split()[-1])
    row("one pass, nothing due", f"{median:.1f} ms", promise=f"≤ {PASS_MS} ms", met=median <= PASS_MS)
    spent = _spent_by_children()
    with _workers(environment, 2):
        began = time.monotonic()
        while sum(box.arrived.values()) < MAILS and time.monotonic() - began < GIVEN_UP:
            time.sleep(0.1)
        took = time.monotonic() - began
        time.sleep(3)
    controller.stop()
    once = len(box.arrived) == MAILS and set(box.arrived.values()) == {1}
    spent = _spent_by_children() - spent
    each = "each once" if once else "NOT each once"
    promise = f"≤ {MAILS_S} s, each once: {each}; processor time of both workers {spent:.0f} s"
    row(f"{MAILS:,} reminders, two workers", f"{took:.0f} s", promise=promise, met=once and took <= MAILS_S)


def _spent_by_children() -> float:
    """Seconds of processor time of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _in_child(module: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", module]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


@contextmanager
def _workers(environment: dict[str, str], number: int) -> Iterator[None]:
    command = [sys.executable, "-m", "followthrough", "worker"]
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) for _ in range(number)]
    try:
        yield
    finally:
        for worker in running:
            worker.terminate()
        for worker in running:
            worker.wait(timeout=60)


if __name__ == "__main__":
    main()
