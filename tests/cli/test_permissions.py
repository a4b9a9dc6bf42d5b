"""What is kept is for the account that runs the server: made so, and mended where it was not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from followthrough.cli.permissions import close_folder, make_private


def open_to_others(folder: Path) -> set[str]:
    paths = [folder, *folder.rglob("*")]
    return {str(path.relative_to(folder)) for path in paths if path.stat().st_mode & 0o077}


def test_an_open_data_folder_is_closed_with_all_that_is_in_it(tmp_path: Path):
    data = tmp_path / "data"
    evidence = data / "files" / "evidence" / "2026"
    evidence.mkdir(parents=True)
    (evidence / "graph.png").write_bytes(b"x")
    (data / "mine.txt").write_text("not of the product")
    with closing(sqlite3.connect(data / "followthrough.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE team (name TEXT)")
        for path in (data, *data.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        close_folder(data)
        assert data.stat().st_mode & 0o777 == 0o700
        found = make_private(data)
        assert {"followthrough.sqlite3-wal", "followthrough.sqlite3-shm", "graph.png"} <= {
            path.name for path in found
        }
        assert open_to_others(data) == {"mine.txt"}
    assert make_private(data) == []
