"""When the check-in falls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from followthrough.meetings.check_in_days import check_in_time


def test_two_weeks_later_at_the_same_time_of_day_across_a_clock_change():
    warsaw = ZoneInfo("Europe/Warsaw")
    held = datetime(2026, 10, 15, 15, 0, tzinfo=warsaw)
    starts_at, why = check_in_time(held.astimezone(UTC), "Europe/Warsaw")
    assert starts_at.astimezone(warsaw) == datetime(2026, 10, 29, 15, 0, tzinfo=warsaw)
    assert starts_at - held.astimezone(UTC) == timedelta(days=14, hours=1)
    assert why == ""


def test_a_weekend_moves_it_to_monday_and_says_so():
    held = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)  # a Sunday
    starts_at, why = check_in_time(held, "UTC")
    assert starts_at == datetime(2026, 12, 7, 10, 30, tzinfo=UTC)
    assert "Sunday" in why
    assert "Monday" in why
