"""Two workers at once on SQLite (tests/postgresql has the same on PostgreSQL)."""

from __future__ import annotations

from pathlib import Path

from tests.notifications.smtp_server import SmtpServer, open_smtp_server
from tests.shared_data import run_python

NUMBER = 80


def test_two_workers_and_a_killed_one_send_each_reminder_once(data: Path) -> None:
    with open_smtp_server() as (box, port):
        mail = {"FOLLOWTHROUGH_MAIL_URL": f"smtp://127.0.0.1:{port}"}
        run_python("-m", "tests.notifications.concurrent_workers", data=data, **mail)
    sent_once(box)


def sent_once(box: SmtpServer) -> None:
    """Everyone got one mail, and none came twice."""
    names = [letter["Message-ID"] for letter in box.mailbox if "rush.example.org" in letter["To"]]
    assert len(names) == NUMBER
    assert len(set(names)) == NUMBER
