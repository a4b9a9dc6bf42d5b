"""The locks of a data folder: one server, any number of workers, and nobody while it is restored."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from followthrough.core.errors import DomainError

LOCK, WORKERS_LOCK = "serve.lock", "worker.lock"


@contextmanager
def data_folder_lock(folder: Path, *, refusal: str) -> Iterator[None]:
    """Holds the folder's lock; DomainError with `refusal` while a server has it. However a server ends, it is free again."""
    with _locked(folder / LOCK, fcntl.LOCK_EX, refusal):
        yield


@contextmanager
def shared_lock(folder: Path) -> Iterator[None]:
    """Held by each worker while it works; DomainError while the folder is being restored."""
    with _locked(
        folder / WORKERS_LOCK,
        fcntl.LOCK_SH,
        f"{folder} is being restored. Start the worker when that is done.",
    ):
        yield


@contextmanager
def restore_lock(folder: Path, *, refusal: str) -> Iterator[None]:
    """Held while everything in the folder is exchanged; DomainError with `refusal` while a server or worker runs on it."""
    with data_folder_lock(folder, refusal=refusal), _locked(folder / WORKERS_LOCK, fcntl.LOCK_EX, refusal):
        yield


def is_served(folder: Path) -> bool:
    """Whether a server runs on the folder just now."""
    if not (folder / LOCK).exists():
        return False
    try:
        with data_folder_lock(folder, refusal=""):
            return False
    except DomainError:
        return True


@contextmanager
def _locked(path: Path, how: int, refusal: str) -> Iterator[None]:
    with _opened(path) as file:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except OSError as error:
            raise DomainError(refusal) from error
        yield


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("a")
    except OSError as error:
        raise DomainError(
            f"{path} cannot be opened: {error.strerror}. Run this as the account that the folder belongs to, or give that "
            f"account all of it with `chown -R ACCOUNT {path.parent}`."
        ) from error
