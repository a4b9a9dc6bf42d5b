"""The same code runs on a real PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.notifications.postbox import open_postbox
from tests.notifications.test_rush import sent_once
from tests.postgresql.cluster import cluster


def test_the_sample_its_pages_and_two_workers_on_postgresql(tmp_path: Path) -> None:
    with cluster(tmp_path) as address, open_postbox() as (box, port):
        environment = os.environ | {
            "FOLLOWTHROUGH_DATABASE_URL": address,
            "FOLLOWTHROUGH_DATA": str(tmp_path / "data"),
            "FOLLOWTHROUGH_DEMO": "true",
            "FOLLOWTHROUGH_MAIL_URL": f"smtp://127.0.0.1:{port}",
        }
        command = [sys.executable, "-m", "tests.postgresql.walk"]
        walked = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
    assert walked.returncode == 0, walked.stdout + walked.stderr[-2000:]
    assert walked.stdout.startswith("postgresql 1")
    sent_once(box)
