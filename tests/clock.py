"""A clock that tests set, for time travel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest


class Clock:
    """What Django takes for the present."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go(self, **span: float) -> None:
        """Forward by a timedelta's keywords."""
        self.now += timedelta(**span)

    def set(self, text: str) -> None:
        """To a moment such as "2026-11-23 09:00", in UTC."""
        self.now = datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Monday 23 November 2026, 10:00 UTC."""
    found = Clock(datetime(2026, 11, 23, 10, tzinfo=UTC))
    monkeypatch.setattr("django.utils.timezone.now", found)
    return found
