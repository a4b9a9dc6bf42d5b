"""A new database is made in one go, and is the one that all migrations together make."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.shared_data import ROOT, run_python

pytestmark = pytest.mark.slow
OF_SQLITE = re.compile(r"sqlite_|\w+_(config|data|docsize|idx)$")
"""Its own tables, also those of an FTS5 index."""


def described(folder: Path) -> dict[str, object]:
    """Tables with columns, constraints, indexes by what they hold, triggers, and how many rows there are."""
    with closing(sqlite3.connect(folder / "followthrough.sqlite3")) as database:
        rows = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        found: dict[str, object] = {
            f"{kind} {name}": _plain(sql) for kind, name, _, sql in rows if kind == "trigger"
        }
        for name in sorted(
            name for kind, name, _, _ in rows if kind == "table" and not OF_SQLITE.match(name)
        ):
            found[name] = (
                sorted(row[1:] for row in database.execute(f"PRAGMA table_info('{name}')")),
                sorted(row[2:] for row in database.execute(f"PRAGMA foreign_key_list('{name}')")),
                sorted(map(str, _indexes(database, name))),
                database.execute(f"SELECT count(*) FROM '{name}'").fetchone(),
            )
    return found


def _indexes(database: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    listed = database.execute(f"PRAGMA index_list('{table}')").fetchall()
    return [
        (unique, partial, [row[2:4] for row in database.execute(f"PRAGMA index_xinfo('{name}')") if row[5]])
        for _, name, unique, _, partial in listed
    ]


def _plain(sql: str) -> str:
    return " ".join(sql.split())


def test_both_ways_make_the_same_database(migrated: Path, tmp_path: Path) -> None:
    run_python(ROOT / "manage.py", "migrate", "--verbosity=0", data=tmp_path)
    assert described(migrated) == described(tmp_path)
