"""The same code runs on a real PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.postgresql.cluster import cluster


def test_the_sample_and_its_pages_on_postgresql(tmp_path: Path) -> None:
    with cluster(tmp_path) as address:
        environment = os.environ | {
            "FOLLOWTHROUGH_DATABASE_URL": address,
            "FOLLOWTHROUGH_DATA": str(tmp_path / "data"),
            "FOLLOWTHROUGH_DEMO": "true",
        }
        command = [sys.executable, "-m", "tests.postgresql.walk"]
        walked = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
    assert walked.returncode == 0, walked.stdout + walked.stderr[-2000:]
    assert walked.stdout.startswith("postgresql 1")
