"""Where the time of a tick goes: what the writing thread is in, looked at every millisecond."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from uuid import uuid4

from bench.server import environment

TICKS, IN_EACH = 100, 20
LOOK_EVERY = 0.001
YIELDS_AFTER = 5e-6
"""Seconds until the looked-at thread lets the looking one run, wherever it is."""
PARTS = {
    "BaseDatabaseWrapper._commit": "onto the disk",
    "BaseDatabaseWrapper.savepoint": "savepoints",
    "BaseDatabaseWrapper.savepoint_commit": "savepoints",
    "Atomic.__enter__": "savepoints",
    "Atomic.__exit__": "savepoints",
    "insert": "writing rows: entries and the log",
    "_write": "writing rows: entries and the log",
    "read_line": "reading what was typed",
    "Model.__init__": "Django's models",
    "_Tick.__init__": "reading what stands, once a tick",
    "_Tick.carry_out": "arguments, rules and the rest",
}
"""Functions, by their names; time belongs to the innermost that it is spent in."""


def _part(frame: FrameType | None) -> str | None:
    while frame is not None:
        if part := PARTS.get(frame.f_code.co_qualname):
            return part
        frame = frame.f_back
    return None


def measure(data: Path, room: int, session: str) -> None:
    """Carries out ticks in a process of its own on `data`, as `session`'s person in `room`, and prints the shares."""
    command = [sys.executable, "-m", "bench.live.profile", str(room), session]
    settings = {"DJANGO_SETTINGS_MODULE": "followthrough.config.settings"}
    subprocess.run(command, check=True, env=environment(data) | settings)


def _shares(tick: Callable[[], None]) -> Counter[str]:
    """How often each of PARTS was seen at work."""
    found, over = Counter[str](), threading.Event()
    worker = threading.get_ident()

    def look() -> None:
        while not over.wait(LOOK_EVERY):
            if part := _part(sys._current_frames().get(worker)):
                found[part] += 1

    sys.setswitchinterval(YIELDS_AFTER)
    watch = threading.Thread(target=look)
    watch.start()
    for _ in range(TICKS):
        tick()
    over.set()
    watch.join()
    return found


def _tick_of(room: int, session: str) -> Callable[[], None]:
    """One tick with IN_EACH new entries."""
    import django

    django.setup()
    from django.db import transaction

    from followthrough.live import command_batch
    from followthrough.live.authentication import RoomSession
    from followthrough.live.protocol import Command
    from followthrough.live.room_backend import backend_for

    driver = backend_for("incidents")
    if driver is None:
        raise LookupError("incidents")
    pass_ = RoomSession(driver, room, session)

    def request() -> command_batch.Request:
        args = {"id": str(uuid4()), "line": "14:11 connection pool at 100 %", "previous": None}
        return command_batch.Request(Command(uuid4(), "entry.add", args, None), pass_)

    def tick() -> None:
        with transaction.atomic():
            command_batch.run_commands(driver, room, [request() for _ in range(IN_EACH)], 0)

    return tick


def main(room: int, session: str) -> None:
    found = _shares(_tick_of(room, session))
    print(f"Where a tick of {IN_EACH} entries spends its time in the writing thread")
    for part, seen in found.most_common():
        print(f"  {seen / found.total():>5.0%}  {part}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
