from __future__ import annotations

import hashlib
import json
import sqlite3
import tarfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from followthrough.cli import backup_archive
from followthrough.core.errors import DomainError

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one team in its database, one uploaded file and a key."""
    folder = tmp_path / "data"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "graph.png").write_bytes(b"a graph" * 1000)
    (folder / "secret.key").write_text("a key")
    with closing(sqlite3.connect(folder / backup_archive.DATABASE)) as database, database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE team (name TEXT)")
        database.execute("INSERT INTO team VALUES ('Payments')")
    return folder


def rename_team(folder: Path, name: str) -> None:
    with closing(sqlite3.connect(folder / backup_archive.DATABASE)) as database, database:
        database.execute("UPDATE team SET name = ?", [name])


def team(folder: Path) -> str:
    with closing(sqlite3.connect(folder / backup_archive.DATABASE)) as database:
        return str(database.execute("SELECT name FROM team").fetchone()[0])


def test_everything_comes_back(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    assert backup_archive.write_archive(data, file, made_at=NOW) == file.stat().st_size
    rename_team(data, "Overwritten")
    (data / "files" / "graph.png").unlink()

    (tmp_path / "unpacked").mkdir()
    assert backup_archive.open_archive(file, tmp_path / "unpacked") == NOW
    aside = backup_archive.put_in_place(tmp_path / "unpacked", data, now=NOW)

    assert team(data) == "Payments"
    assert (data / "files" / "graph.png").read_bytes() == b"a graph" * 1000
    assert (data / "secret.key").read_text() == "a key"
    assert team(aside) == "Overwritten"


def test_backup_holds_what_is_being_written(data: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data / backup_archive.DATABASE)) as writer:
        writer.execute("UPDATE team SET name = 'Committed'")
        writer.commit()
        writer.execute("UPDATE team SET name = 'Not yet'")
        backup_archive.write_archive(data, tmp_path / "backup.tar.gz", made_at=NOW)
    (tmp_path / "unpacked").mkdir()
    backup_archive.open_archive(tmp_path / "backup.tar.gz", tmp_path / "unpacked")
    assert team(tmp_path / "unpacked") == "Committed"


def test_only_its_owner_may_read_a_backup(data: Path, tmp_path: Path) -> None:
    backup_archive.write_archive(data, tmp_path / "backup.tar.gz", made_at=NOW)
    assert (tmp_path / "backup.tar.gz").stat().st_mode & 0o077 == 0


def test_backup_never_overwrites(data: Path, tmp_path: Path) -> None:
    (tmp_path / "here").write_text("precious")
    with pytest.raises(DomainError, match="exists already"):
        backup_archive.write_archive(data, tmp_path / "here", made_at=NOW)
    assert (tmp_path / "here").read_text() == "precious"


@pytest.mark.parametrize("harm", ["unlisted", "bomb", "cut", "foreign", "outside", "changed", "empty"])
def test_damaged_backup_is_refused(data: Path, tmp_path: Path, harm: str) -> None:
    file = tmp_path / "backup.tar.gz"
    backup_archive.write_archive(data, file, made_at=NOW)
    HARMS[harm](file, tmp_path)
    (tmp_path / "unpacked").mkdir()
    with pytest.raises(DomainError, match="Nothing was changed"):
        backup_archive.open_archive(file, tmp_path / "unpacked")
    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "unpacked" / "files" / "zeros").exists()


def _cut(file: Path, _: Path) -> None:
    file.write_bytes(file.read_bytes()[:-300])


def _foreign(file: Path, _: Path) -> None:
    file.write_text("a shopping list")


def _outside(file: Path, folder: Path) -> None:
    (folder / "note").write_text("not wanted")
    with tarfile.open(file, "w:gz") as packed:
        packed.add(folder / "note", "../outside")


def _changed(file: Path, folder: Path) -> None:
    with tarfile.open(file) as packed:
        packed.extractall(folder / "inside")
    (folder / "inside" / "files" / "graph.png").write_bytes(b"another graph")
    with tarfile.open(file, "w:gz") as packed:
        for path in (folder / "inside").rglob("*"):
            if path.is_file():
                packed.add(path, path.relative_to(folder / "inside").as_posix())


def _empty(file: Path, _: Path) -> None:
    with tarfile.open(file, "w:gz"):
        pass


def _unlisted(file: Path, folder: Path) -> None:
    _packed_again(file, folder, {"files/more.png": b"nobody listed this"})


def _bomb(file: Path, folder: Path) -> None:
    _packed_again(file, folder, {"files/zeros": bytes(150_000_000)}, is_listed=True)


def _packed_again(file: Path, folder: Path, more: dict[str, bytes], *, is_listed: bool = False) -> None:
    """The same backup with more files in it."""
    inside = folder / "again"
    with tarfile.open(file) as packed:
        packed.extractall(inside)
    for name, content in more.items():
        (inside / name).write_bytes(content)
        if is_listed:
            listing = json.loads((inside / backup_archive.LIST).read_text())
            listing["sha256"][name] = hashlib.sha256(content).hexdigest()
            listing["bytes"][name] = len(content)
            (inside / backup_archive.LIST).write_text(json.dumps(listing))
    with tarfile.open(file, "w:gz") as packed:
        for path in filter(Path.is_file, inside.rglob("*")):
            packed.add(path, path.relative_to(inside).as_posix())


HARMS = {
    "unlisted": _unlisted,
    "bomb": _bomb,
    "cut": _cut,
    "foreign": _foreign,
    "outside": _outside,
    "changed": _changed,
    "empty": _empty,
}


def test_damaged_database_is_seen(data: Path) -> None:
    assert backup_archive.database_problems(data / backup_archive.DATABASE) == ""
    (data / backup_archive.DATABASE).write_bytes(b"\xff" * 8192)
    assert backup_archive.database_problems(data / backup_archive.DATABASE) != ""
