"""Every test run has its own data folder and starts with no organisation but what it makes."""

from __future__ import annotations

import os
import tempfile

import django
import pytest

os.environ["FOLLOWTHROUGH_DATA"] = tempfile.mkdtemp(prefix="followthrough-test-")
os.environ["FOLLOWTHROUGH_LOG_LEVEL"] = "WARNING"
os.environ["DJANGO_SETTINGS_MODULE"] = "followthrough.config.settings"
django.setup()

pytest_plugins = ["tests.clock", "tests.letters", "tests.servers"]

from followthrough.home import kept  # noqa: E402 - needs Django set up
from followthrough.meetings.room import returning  # noqa: E402


@pytest.fixture(autouse=True)
def _figures_are_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undone transactions give out the same numbers again, which figures are kept under."""
    monkeypatch.setattr(kept, "LONGEST", 0)
    monkeypatch.setattr(returning, "KEPT", 0)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What drives browsers and processes may lose a race on a machine that does much else: it gets a second try."""
    for item in items:
        if "tests/live/" in item.nodeid or any(item.get_closest_marker(name) for name in ("browser", "slow")):
            item.add_marker(pytest.mark.flaky(reruns=1))
