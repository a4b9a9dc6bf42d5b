"""Renders derived state in a subprocess while there is much to draw, so that commands have this one's time."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import subprocess
import sys

from followthrough.live.protocol import Payload
from followthrough.live.render_process import READY

log = logging.getLogger(__name__)
START_AFTER_SECONDS, DECAY_SECONDS = 0.15, 5.0
"""Seconds of drawing, fading over the second figure, that make it worth a process; a first drawing counts little."""
MAX_COUNTED_SECONDS = 0.05
IDLE_SECONDS = 60.0
"""Seconds without a drawing after which the process ends."""
RENDER_TIMEOUT_SECONDS = 60.0
MAX_LINE_BYTES = 64 * 1024 * 1024


class RenderPool:
    """One for each event loop. Requests and answers are lines of JSON; one is drawn at a time."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._starting: asyncio.Task[None] | None = None
        self._resting: asyncio.TimerHandle | None = None
        self._unread = 0
        self._heat, self._heated_at = 0.0, 0.0

    def spent(self, seconds: float) -> None:
        """A thread of this process took so long to draw; much of that starts the render process."""
        now = asyncio.get_running_loop().time()
        faded = self._heat * math.exp((self._heated_at - now) / DECAY_SECONDS)
        self._heat, self._heated_at = faded + min(seconds, MAX_COUNTED_SECONDS), now
        if self._heat > START_AFTER_SECONDS and self._process is None and self._starting is None:
            self._starting = asyncio.create_task(self._start())

    async def call_in(self) -> None:
        """Starts the process unless it is here already, and waits until it can draw."""
        if self._process is None and self._starting is None:
            self._starting = asyncio.create_task(self._start())
        if self._starting:
            await asyncio.shield(self._starting)

    @property
    def is_running(self) -> bool:
        return self._process is not None

    async def draw(self, prefix: str, number: int, present: frozenset[int]) -> tuple[Payload, float]:
        """What the backend draws, and the seconds of processor time that took; raises OSError where it cannot."""
        asked = json.dumps([prefix, number, sorted(present)])
        try:
            async with asyncio.timeout(RENDER_TIMEOUT_SECONDS):
                answer = json.loads(await self._ask(asked))
        except (TimeoutError, ValueError, OSError) as error:
            self.close()
            raise OSError("The drawing process does not answer.") from error
        self._rest_later()
        if answer is None:
            raise ValueError("The room could not be drawn; the drawing process has said why.")
        private = {int(person): content for person, content in answer["private"].items()}
        return Payload(answer["shared"], private), answer["spent"]

    def close(self) -> None:
        """Ends the process; it is started again when there is much to draw."""
        process, self._process = self._process, None
        self._heat = 0.0
        if process and process.stdin:
            process.stdin.close()

    async def _ask(self, line: str) -> bytes:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise OSError("The drawing process is not there.")
        process.stdin.write(line.encode() + b"\n")
        self._unread += 1
        await process.stdin.drain()
        answer = b""
        while self._unread:  # whoever was called away has left theirs, which is another room's
            answer = await process.stdout.readline()
            self._unread -= 1
        return answer

    async def _start(self) -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "followthrough.live.render_process",
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=MAX_LINE_BYTES,
            )  # fmt: skip
            if process.stdout and (await process.stdout.readline()).decode().strip() == READY:
                self._process, self._unread = process, 0
                self._rest_later()
        except OSError:
            log.exception("Drawings are made in this process: another could not be started")
        finally:
            self._heat, self._starting = 0.0, None

    def _rest_later(self) -> None:
        if self._resting:
            self._resting.cancel()
        self._resting = asyncio.get_running_loop().call_later(IDLE_SECONDS, self.close)
