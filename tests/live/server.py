"""A server process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.ports import ReservedPort

ROOT = Path(__file__).parents[2]
STARTED_WITHIN_SECONDS = 120
"""After which a server that does not answer never will; on a busy machine loading the product takes half a minute."""


class Server:
    """Runs from its making; `kill` is a power cut, `start` begins anew on the same data."""

    def __init__(self, data: Path, organisation: dict[str, Any], **settings: str) -> None:
        self.data = data
        self.settings = settings
        self.organisation = organisation
        self._reserved = ReservedPort()
        self.port = self._reserved.number
        self.start()

    def start(self) -> None:
        environment = os.environ | {"FOLLOWTHROUGH_DATA": str(self.data), "PYTHONPATH": str(ROOT / "src")}
        environment |= self.settings
        command = [sys.executable, "-m", *self.arguments, "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment)
        self.wait_until_it_answers()

    @property
    def arguments(self) -> list[str]:
        """What to run, without the port."""
        application = "followthrough.config.asgi:application"
        return ["uvicorn", application, "--log-level", "warning", "--ws-per-message-deflate", "false"]

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    @property
    def sessions(self) -> list[str]:
        """The session keys of the members."""
        return list(self.organisation["people"].values())

    def wait_until_it_answers(self) -> None:
        until = time.monotonic() + STARTED_WITHIN_SECONDS
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("The server does not answer.")
