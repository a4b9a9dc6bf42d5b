"""A backup of an earlier version is restored, migrated and complete, whatever was renamed since.

tests/fixtures/backup-2026-11-30-1106965.tar.gz was made that day by the version of commit 1106965, with its own
`followthrough backup`, from an organisation that has a row of every model and column that was renamed after it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.commands import followthrough
from tests.shared_data import run_python

pytestmark = pytest.mark.slow
BACKUP = Path(__file__).parent.parent / "fixtures" / "backup-2026-11-30-1106965.tar.gz"
MADE_ON = datetime(2026, 11, 30, tzinfo=UTC)
SETTINGS = {"DJANGO_SETTINGS_MODULE": "followthrough.config.settings"}

DECRYPT = """
import django
django.setup()
from followthrough.calendars.models import BusyCalendar, TeamCalendar
from followthrough.core.encryption import decrypt
print([decrypt(row.encrypted)["password"] for model in (BusyCalendar, TeamCalendar) for row in model.objects.all()])
"""


@pytest.fixture(scope="module")
def restored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the old backup in it, brought up to date."""
    data = tmp_path_factory.mktemp("old") / "data"
    run = followthrough("restore", BACKUP, "--yes", data=data)
    assert run.returncode == 0, run.stderr
    assert f"Restored the backup of {MADE_ON:%d %B %Y}" in run.stdout
    return data


@pytest.fixture
def database(restored: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(restored / "followthrough.sqlite3")) as database:
        yield database


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("SELECT encrypted != '' FROM calendars_busycalendar", 1),
        ("SELECT encrypted != '' FROM calendars_teamcalendar", 1),
        ("SELECT secret_digest FROM calendars_calendarfeed", "f" * 64),
        ("SELECT name FROM incidents_webhookendpoint", "Alertmanager"),
        ("SELECT action_before_days FROM notifications_remindersettings", 4),
        ("SELECT sent_steps FROM notifications_deadline", '["before", "due"]'),
        ("SELECT count(*) FROM meetings_roundparticipation", 1),
        ("SELECT base_state FROM patterns_pattern", "no_action"),
        ("SELECT chart_data FROM patterns_pattern", None),
        (
            "SELECT s.name FROM patterns_pattern_affected_services a JOIN incidents_service s ON s.id = a.service_id",
            "Checkout",
        ),
        ("SELECT belongs FROM patterns_patternmembership", 1),
        ("SELECT detect FROM patterns_incidentmetrics", 3.5),
        ("SELECT incidents FROM patterns_monthlycolumns", b"\x01\x02"),
        ("SELECT key FROM patterns_aggregate", "response"),
        ("SELECT count(*) FROM patterns_refreshqueue", 2),
        ("SELECT due_month FROM patterns_outcome", "2026-11-01"),
        ("SELECT letters FROM patterns_termfrequencies", b"\x03"),
        ("SELECT vector FROM patterns_embedding", b"\x05"),
        ("SELECT number FROM patterns_indexbuild", 1),
        ("SELECT alike FROM patterns_similarityfeedback", 1),
        ("SELECT took_ms FROM jobs_scheduledrun WHERE name = 'notifications.send_due_reminders'", 7),
    ],
)
def test_every_row_is_found_under_its_new_name(
    database: sqlite3.Connection, question: str, answer: object
) -> None:
    (found,) = database.execute(question).fetchone()
    if answer is None:
        assert json.loads(found)["incidents"][0][2] == 30
    else:
        assert found == answer


def test_the_log_names_records_by_their_new_kinds(database: sqlite3.Connection) -> None:
    kinds = {kind for (kind,) in database.execute("SELECT kind FROM activity_activity")}
    assert kinds == {
        "calendars.calendarfeed",
        "incidents.webhookendpoint",
        "notifications.remindersettings",
        "similarity.similarityfeedback",
    }


def test_what_was_encrypted_then_is_decrypted_now(restored: Path) -> None:
    assert run_python("-c", DECRYPT, data=restored, **SETTINGS).strip() == "['secret-7', 'secret-7']"
