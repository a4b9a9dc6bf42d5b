"""When the check-in falls."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from followthrough.calendars.models import Holidays
from followthrough.check_ins.check_in_date import check_in_time
from followthrough.postmortems.operations import add_participant
from followthrough.scheduling.queries.invitees import shared_days_off
from tests.factories import make_person, make_postmortem, make_team


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


def test_a_public_holiday_moves_it_to_the_working_day_after_and_is_named():
    held = datetime(2026, 12, 11, 15, tzinfo=UTC)
    days_off = {date(2026, 12, 25): "Christmas Day", date(2026, 12, 28): "Boxing Day (in lieu)"}
    starts_at, why = check_in_time(held, "UTC", days_off)
    assert starts_at == datetime(2026, 12, 29, 15, tzinfo=UTC)
    assert why == "Two weeks later is Christmas Day, so it moved to the Tuesday after."


@pytest.mark.parametrize(
    ("first_due", "day"),
    [
        (None, 7),
        (date(2026, 12, 4), 7),
        (date(2026, 12, 6), 7),
        (date(2026, 12, 15), 16),
        (date(2026, 12, 18), 21),
        (date(2027, 6, 1), 4),
    ],
)
def test_it_waits_for_the_first_date_where_nothing_is_due_in_two_weeks(
    first_due: date | None, day: int
) -> None:
    held = datetime(2026, 11, 23, 15, tzinfo=UTC)
    starts_at, _ = check_in_time(held, "UTC", first_due=first_due)
    assert (starts_at.day, starts_at.hour) == (day, 15)
    assert starts_at - held <= timedelta(days=42)


@pytest.mark.django_db
def test_a_holiday_counts_where_half_of_those_who_come_keep_it():
    poland = make_team()
    Holidays.objects.create(team=poland, country="PL", days={"2026-11-11": "Independence Day"})
    postmortem = make_postmortem(facilitator=make_person(team=poland))
    assert shared_days_off(postmortem) == {date(2026, 11, 11): "Independence Day"}
    for _ in range(2):
        add_participant(postmortem, make_person(), by=None)
    assert shared_days_off(postmortem) == {}
