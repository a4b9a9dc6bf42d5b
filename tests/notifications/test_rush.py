"""Two workers at once on SQLite (tests/postgresql has the same on PostgreSQL)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.notifications.postbox import Postbox, open_postbox

NUMBER = 80


def test_two_workers_and_a_killed_one_send_each_reminder_once(tmp_path: Path) -> None:
    with open_postbox() as (box, port):
        environment = os.environ | {
            "FOLLOWTHROUGH_DATA": str(tmp_path),
            "FOLLOWTHROUGH_MAIL_URL": f"smtp://127.0.0.1:{port}",
        }
        command = [sys.executable, "-m", "tests.notifications.rush"]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
    assert done.returncode == 0, done.stderr[-2000:]
    sent_once(box)


def sent_once(box: Postbox) -> None:
    """Everyone got one mail, and none came twice."""
    names = [letter["Message-ID"] for letter in box.letters if "rush.example.org" in letter["To"]]
    assert len(names) == NUMBER
    assert len(set(names)) == NUMBER
