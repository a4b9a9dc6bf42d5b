"""The program of the render process: a room as JSON comes in on each line, its derived state goes out."""

from __future__ import annotations

import json
import logging
import os
import sys
import time

import django

READY = "ready"
NICENESS = 5
"""Commands come first."""
log = logging.getLogger(__name__)


def main() -> None:
    """Answers until the other side is gone."""
    os.nice(NICENESS)
    django.setup()
    try:
        _say(READY)
        for line in sys.stdin:
            _say(_answer(*json.loads(line)))
    except BrokenPipeError:
        os._exit(0)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _answer(prefix: str, number: int, present: list[int]) -> str:
    """{shared, private, spent}, or null where it cannot be drawn."""
    from django.db import connection  # noqa: PLC0415 - only once Django is set up

    try:
        return _draw(prefix, number, frozenset(present))
    except Exception:
        log.exception("Room %s could not be drawn", number)
        connection.close()
        return "null"


def _draw(prefix: str, number: int, present: frozenset[int]) -> str:
    from followthrough.live import protocol  # noqa: PLC0415 - only once Django is set up
    from followthrough.live.room_backend import backend_for  # noqa: PLC0415 - only once Django is set up

    began, backend = time.process_time(), backend_for(prefix)
    if backend is None:
        raise LookupError(prefix)
    payload = backend.draw(number, present)
    spent = time.process_time() - began
    return protocol.dump({"shared": payload.shared, "private": dict(payload.private), "spent": spent})


if __name__ == "__main__":
    main()
