"""Servers that start at once: forked from a process that has loaded everything, and killed like any other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from types import TracebackType

from tests.live.server import ROOT, Server


class ForkServer:
    """Starts and kills the processes of one server, on its port and data."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def __enter__(self) -> ForkServer:
        environment = os.environ | {
            "FOLLOWTHROUGH_DATA": str(self.server.data),
            "PYTHONPATH": str(ROOT / "src"),
        }
        command = [sys.executable, "-m", "tests.live.fork_server", str(self.server.port)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._smith = subprocess.Popen(command, cwd=ROOT, env=environment, bufsize=1, **pipes)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.kill()
        self._smith.communicate()

    def start(self) -> None:
        assert self._smith.stdin
        assert self._smith.stdout
        self._smith.stdin.write("\n")
        self._pid = int(self._smith.stdout.readline())
        self.server.wait_until_it_answers()

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)


def _forge(port: int) -> None:
    """Forks a server for each line that comes in, once the one before is gone."""
    import uvicorn  # noqa: PLC0415 - a program of its own

    from followthrough.config.asgi import application  # noqa: PLC0415

    for _ in sys.stdin:
        if child := os.fork():
            print(child, flush=True)  # noqa: T201 - its number is its answer
            os.waitpid(child, 0)
        else:
            uvicorn.run(application, port=port, log_level="warning", ws_per_message_deflate=False)
            os._exit(0)


if __name__ == "__main__":
    _forge(int(sys.argv[1]))
