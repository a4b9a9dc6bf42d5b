"""The same code runs on a real PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from tests.notifications.postbox import open_postbox
from tests.notifications.test_rush import sent_once
from tests.postgresql.cluster import cluster
from tests.prepared import run_python


def test_the_sample_its_pages_and_two_workers_on_postgresql(tmp_path: Path) -> None:
    with cluster(tmp_path) as address, open_postbox() as (box, port):
        settings = {
            "FOLLOWTHROUGH_DATABASE_URL": address,
            "FOLLOWTHROUGH_DEMO": "true",
            "FOLLOWTHROUGH_MAIL_URL": f"smtp://127.0.0.1:{port}",
        }
        walked = run_python("-m", "tests.postgresql.walk", data=tmp_path / "data", **settings)
    assert walked.startswith("postgresql 1")
    sent_once(box)
