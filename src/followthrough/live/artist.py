"""Draws rooms in a process of its own while there is much to draw, so that commands have this one's time."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import subprocess
import sys

from followthrough.live.drawing_process import READY
from followthrough.live.wire import Parcel

log = logging.getLogger(__name__)
WARM, FORGETS = 0.15, 5.0
"""Seconds of drawing, fading over the second figure, that make it worth a process; a first drawing counts little."""
COUNTED = 0.05
IDLE = 60.0
"""Seconds without a drawing after which the process ends."""
PATIENCE = 60.0
LONGEST_LINE = 64 * 1024 * 1024


class Artist:
    """One for each event loop. Requests and answers are lines of JSON; one is drawn at a time."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._starting: asyncio.Task[None] | None = None
        self._resting: asyncio.TimerHandle | None = None
        self._unread = 0
        self._heat, self._heated_at = 0.0, 0.0

    def spent(self, seconds: float) -> None:
        """A thread of this process took so long to draw; much of that calls the artist in."""
        now = asyncio.get_running_loop().time()
        faded = self._heat * math.exp((self._heated_at - now) / FORGETS)
        self._heat, self._heated_at = faded + min(seconds, COUNTED), now
        if self._heat > WARM and self._process is None and self._starting is None:
            self._starting = asyncio.create_task(self._start())

    async def call_in(self) -> None:
        """Starts the process unless it is here already, and waits until it can draw."""
        if self._process is None and self._starting is None:
            self._starting = asyncio.create_task(self._start())
        if self._starting:
            await asyncio.shield(self._starting)

    @property
    def is_here(self) -> bool:
        return self._process is not None

    async def draw(self, prefix: str, number: int, present: frozenset[int]) -> tuple[Parcel, float]:
        """What the driver draws, and the seconds of processor time that took; raises OSError where it cannot."""
        asked = json.dumps([prefix, number, sorted(present)])
        try:
            async with asyncio.timeout(PATIENCE):
                answer = json.loads(await self._ask(asked))
        except (TimeoutError, ValueError, OSError) as error:
            self.let_go()
            raise OSError("The drawing process does not answer.") from error
        self._rest_later()
        if answer is None:
            raise ValueError("The room could not be drawn; the drawing process has said why.")
        private = {int(person): content for person, content in answer["private"].items()}
        return Parcel(answer["shared"], private), answer["spent"]

    def let_go(self) -> None:
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
                sys.executable, "-m", "followthrough.live.drawing_process",
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=LONGEST_LINE,
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
        self._resting = asyncio.get_running_loop().call_later(IDLE, self.let_go)
