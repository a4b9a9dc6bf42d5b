"""Backups: everything of a data folder in one file, and back again."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from followthrough.config.environment import DATABASE_FILE, SECRET_KEY_FILE
from followthrough.core.deserialization import load_json
from followthrough.core.errors import DomainError

DATABASE = DATABASE_FILE
KEPT = (DATABASE, "files", SECRET_KEY_FILE)
LIST = "contents.json"
_SIGNS_OF_LIFE = "worker %"
"""As `jobs.work_claims.HEARTBEAT`, which needs Django."""
_LONGEST_LIST = 64 * 1024 * 1024
_MOST_TIMES_LARGER, _ALWAYS_BYTES = 100, 100_000_000
"""What a backup may unpack to: so many times its own size, and so much in any case."""


def write_archive(data: Path, target: Path, *, made_at: datetime) -> int:
    """Writes the database as it is at one moment, the files and the key of `data`; returns the size in bytes.

    Works while the server runs: the database first, so that every file it names is there.
    """
    if target.exists():
        raise DomainError(f"{target} exists already, and it was left as it is. Name another file.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        copy = Path(folder) / DATABASE
        _copy_database(data / DATABASE, copy)
        sources = {DATABASE: copy} | {
            path.relative_to(data).as_posix(): path for name in KEPT[1:] for path in _files(data / name)
        }
        unfinished = Path(folder) / "archive"
        with tarfile.open(unfinished, "w:gz", compresslevel=6) as archive:
            digests, sizes = {}, {}
            for name, path in sources.items():
                digests[name], sizes[name] = _digest(path), path.stat().st_size
                archive.add(path, name)
            contents = {"made_at": made_at.isoformat(), "sha256": digests, "bytes": sizes}
            listing = Path(folder) / LIST
            listing.write_text(json.dumps(contents, indent=1))
            archive.add(listing, LIST)
        unfinished.chmod(0o600)
        unfinished.rename(target)
    return target.stat().st_size


def open_archive(source: Path, folder: Path) -> datetime:
    """Unpacks a backup into `folder`, checks every file and the database, and returns when it was made."""
    try:
        contents = _contents(source, room=_MOST_TIMES_LARGER * source.stat().st_size + _ALWAYS_BYTES)
        with tarfile.open(source) as archive:
            _refuse_without_room(archive, folder)
            for member in archive:
                if member.name != LIST:
                    _unpack(archive, member, folder)
        made_at = datetime.fromisoformat(contents["made_at"])
        whole = all(_digest(folder / name) == digest for name, digest in contents["sha256"].items())
    except (tarfile.TarError, OSError, EOFError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise DomainError(f"{source} is not a whole backup of Followthrough. Nothing was changed.") from error
    if not whole or database_problems(folder / DATABASE):
        raise DomainError(f"{source} is damaged. Nothing was changed; try an earlier backup.")
    return made_at


def put_in_place(folder: Path, data: Path, *, now: datetime) -> Path | None:
    """Moves what is in `data` aside and the unpacked backup there; returns where the old data is, if there was any."""
    data.mkdir(mode=0o700, exist_ok=True)
    aside = data / f"before-restore-{now:%Y-%m-%d-%H%M%S}"
    there = [name for name in (*KEPT, f"{DATABASE}-wal", f"{DATABASE}-shm") if (data / name).exists()]
    if there:
        aside.mkdir()
    for name in there:
        (data / name).rename(aside / name)
    for name in KEPT:
        if (folder / name).exists():
            (folder / name).rename(data / name)
    return aside if there else None


def database_problems(path: Path) -> str:
    """What SQLite finds wrong in the file, "" when it is sound."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchall()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == [("ok",)] else "; ".join(str(row[0]) for row in found[:3])


def _copy_database(source: Path, target: Path) -> None:
    if not source.exists():
        raise DomainError(f"There is no database in {source.parent}, so there is nothing to back up.")
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
            _forget_workers(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise DomainError(
            f"{source} cannot be read: {error}. Nothing was written; see `followthrough doctor`."
        ) from error


def _forget_workers(copy: sqlite3.Connection) -> None:
    """The signs of life of those who work here: a restored copy would take them for its own."""
    if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'jobs_scheduledrun'").fetchone():
        copy.execute("DELETE FROM jobs_scheduledrun WHERE name LIKE ?", [_SIGNS_OF_LIFE])
        copy.commit()


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(inner for inner in path.rglob("*") if inner.is_file())
    elif path.exists():
        yield path


def _contents(source: Path, *, room: int) -> dict[str, Any]:
    """What the archive's list says, once all that is in it is on the list and within `room` bytes."""
    sizes: dict[str, int] = {}
    contents: dict[str, Any] = {}
    with tarfile.open(source) as archive:
        for member in archive:
            room -= member.size
            if member.name in sizes or room < 0:
                raise tarfile.TarError(f"{member.name} is there twice, or too large")
            sizes[member.name] = member.size
            if member.name == LIST and member.size <= _LONGEST_LIST:
                contents = load_json((archive.extractfile(member) or BytesIO()).read())
    del sizes[LIST]
    if set(sizes) != set(contents["sha256"]) or sizes != contents.get("bytes", sizes):
        raise tarfile.TarError("it holds other files than its list says")
    return contents


def _refuse_without_room(archive: tarfile.TarFile, folder: Path) -> None:
    if sum(member.size for member in archive.getmembers()) > shutil.disk_usage(folder).free:
        where = folder.parent
        raise DomainError(
            f"There is no room in {where} to unpack the backup. Make some; nothing was changed."
        )


def _unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    parts = PurePosixPath(member.name).parts
    stream = archive.extractfile(member) if member.isreg() else None
    if stream is None or ".." in parts or not parts or parts[0] not in {*KEPT, LIST}:
        raise tarfile.TarError(f"{member.name} does not belong in a backup")
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(stream, file)
    target.chmod(member.mode & 0o700 | 0o600)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
