"""Tasks that the worker's tests have carried out."""

from __future__ import annotations

import time
from pathlib import Path

from django_tasks import task


@task()
def write(path: str, words: str) -> str:
    Path(path).write_text(words)
    return words


@task()
def fail() -> None:
    raise RuntimeError("the mail server did not answer")


@task()
def note_and_wait(folder: str) -> None:
    """Notes that it began; waits to be killed the first time only."""
    begun = Path(folder) / "begun"
    if begun.exists():
        (Path(folder) / "finished").touch()
        return
    begun.touch()
    time.sleep(60)
