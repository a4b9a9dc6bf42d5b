"""Every test run has its own data folder and starts with no organisation but what it makes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import django
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

os.environ["FOLLOWTHROUGH_DATA"] = tempfile.mkdtemp(prefix="followthrough-test-")
os.environ["FOLLOWTHROUGH_LOG_LEVEL"] = "WARNING"
os.environ["DJANGO_SETTINGS_MODULE"] = "followthrough.config.settings"
django.setup()

pytest_plugins = ["tests.clock", "tests.mailbox", "tests.shared_data", "tests.servers"]

from django.core.cache import cache  # noqa: E402 - needs Django set up
from django.db import connection  # noqa: E402 - needs Django set up

from followthrough.core import panels  # noqa: E402 - needs Django set up
from followthrough.home.queries import cached_figures  # noqa: E402
from followthrough.meeting_room import recurrence_hints, similar_incidents  # noqa: E402
from tests.ports import ReservedPort  # noqa: E402

PBKDF2PasswordHasher.iterations = 1_000  # slow is what they are for elsewhere


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ["FOLLOWTHROUGH_DATA"], ignore_errors=True)


@pytest.fixture
def free_port() -> Iterator[int]:
    """The number of a port on which only this test may listen."""
    with ReservedPort() as port:
        yield port


@pytest.fixture(scope="session")
def django_db_setup(migrated: Path, django_db_blocker: Any) -> None:
    """The test database: in memory, copied from one that was migrated once for all processes."""
    with (
        django_db_blocker.unblock(),
        closing(sqlite3.connect(migrated / "followthrough.sqlite3")) as template,
    ):
        connection.settings_dict["NAME"] = "file:tests?mode=memory&cache=shared"
        connection.ensure_connection()
        template.backup(connection.connection)


@pytest.fixture(autouse=True)
def _figures_are_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undone transactions give out the same numbers again, which figures are kept under; worlds that several tests share
    keep some before this."""
    cache.clear()
    monkeypatch.setattr(cached_figures, "MAX_AGE_SECONDS", 0)
    monkeypatch.setattr(panels, "KEPT_SECONDS", 0)
    monkeypatch.setattr(recurrence_hints, "CACHE_SECONDS", 0)
    monkeypatch.setattr(similar_incidents, "CACHE_SECONDS", 0)


SLOW_FIRST = ("journeys", "room", "live", "postgresql", "cli", "jobs", "notifications", "sample")
"""The folders whose files take longest: begun first, so that no processor waits for one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: (
            SLOW_FIRST.index(item.path.parent.name)
            if item.path.parent.name in SLOW_FIRST
            else len(SLOW_FIRST)
        )
    )
