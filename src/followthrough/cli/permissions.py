"""File permissions of a data folder: for the account that runs the server, and no other of the machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_OTHERS = 0o077
_OURS = (
    "followthrough.sqlite3",
    "followthrough.sqlite3-wal",
    "followthrough.sqlite3-shm",
    "secret.key",
    "files",
    "similar",
)


def make_private(data: Path) -> list[Path]:
    """Takes what other accounts may do away from the folder and all that is ours in it; returns what was open."""
    found = list(_open_to_others(data))
    for path in found:
        path.chmod(path.stat().st_mode & 0o7700)
    return found


def close_folder(data: Path) -> None:
    """Closes the folder itself, through which all in it is reached; one of another account stays as it is."""
    try:
        if data.stat().st_mode & _OTHERS:
            data.chmod(0o700)
    except OSError:
        return  # `doctor` says so


def of_other_accounts(data: Path) -> list[Path]:
    """What in the folder belongs to another account than the folder itself, as after a command that root ran."""
    owner = data.stat().st_uid
    found = (data / name for name in _OURS)
    return [path for path in found if path.exists() and path.stat().st_uid != owner]


def _open_to_others(data: Path) -> Iterator[Path]:
    for name in (".", *_OURS):
        path = data / name
        inner = path.rglob("*") if name != "." and path.is_dir() else ()
        for one in (path, *inner):
            if not one.is_symlink() and one.exists() and one.stat().st_mode & _OTHERS:
                yield one
