"""The lock file that keeps one server to one data folder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from followthrough.core.errors import DomainError

LOCK = "serve.lock"


@contextmanager
def data_folder_lock(folder: Path, *, refusal: str) -> Iterator[None]:
    """Holds the folder's lock; DomainError with `refusal` while a server has it. However a server ends, it is free again."""
    with (folder / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DomainError(refusal) from error
        yield
