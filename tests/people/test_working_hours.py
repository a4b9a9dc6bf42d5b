"""Working hours on everyone's own clock, also where clocks are put forward and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followthrough.people import working_hours
from followthrough.people.models import User

ZONES = ["UTC", "Europe/Warsaw", "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]
moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
people = st.builds(
    lambda zone, starts, length, days, off: User(
        zone=zone,
        work_starts=time(starts),
        work_ends=time(starts + length),
        working_days=sorted(days),
        days_off=[day.isoformat() for day in off],
    ),
    st.sampled_from(ZONES),
    st.integers(5, 12),
    st.integers(4, 11),
    st.sets(st.integers(0, 6)),
    st.sets(st.dates(date(2024, 1, 1), date(2030, 1, 1)), max_size=30),
)


@given(people, moments)
def test_mail_waits_for_the_next_working_hours_and_no_longer(person: User, moment: datetime) -> None:
    found = working_hours.next_at_work(person, moment)
    there = found.astimezone(ZoneInfo(person.zone))
    assert found >= moment
    assert working_hours.is_at_work(person, found)
    assert person.work_starts <= there.time() < person.work_ends
    assert found == moment or there.time() == person.work_starts
    assert person.days_off or found - moment <= timedelta(days=7, hours=1)


@given(people, moments)
def test_what_must_come_before_comes_in_the_last_working_hours(person: User, moment: datetime) -> None:
    found = working_hours.last_at_work(person, moment)
    assert found <= moment
    assert working_hours.is_at_work(person, found)


@given(people, moments, st.integers(1, 10))
def test_working_days_are_counted_on_the_persons_calendar(person: User, moment: datetime, days: int) -> None:
    first, last = (
        working_hours.local_day(person, moment),
        working_hours.working_day_after(person, moment, days),
    )
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert sum(working_hours.works_on(person, day) for day in between) == days
    assert working_hours.works_on(person, last)


def test_public_holidays_are_waited_out_and_whoever_is_never_at_work_is_disturbed_on_any_day() -> None:
    person = User(zone="Europe/Berlin", days_off=["2026-12-25", "2026-12-28"])
    eve = datetime(2026, 12, 24, 20, tzinfo=UTC)
    assert working_hours.next_at_work(person, eve) == datetime(2026, 12, 29, 8, tzinfo=UTC)
    assert working_hours.last_at_work(person, datetime(2026, 12, 28, 12, tzinfo=UTC)) == datetime(
        2026, 12, 24, 8, tzinfo=UTC
    )
    person.days_off = [f"{date(2026, 12, 1) + timedelta(days=n)}" for n in range(365)]
    assert working_hours.working_day_from(person, date(2026, 12, 25)) == date(2026, 12, 25)


def test_a_friday_evening_waits_until_monday_and_a_clock_put_back_is_counted() -> None:
    person = User(zone="America/New_York")
    friday = datetime(2026, 10, 30, 22, tzinfo=UTC)
    assert working_hours.next_at_work(person, friday) == datetime(2026, 11, 2, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "when"),
    [
        pytest.param("2026-11-23 23:30", "2026-11-23 23:30", id="in the shift"),
        pytest.param("2026-11-24 05:30", "2026-11-24 05:30", id="in its morning"),
        pytest.param("2026-11-24 12:00", "2026-11-24 22:00", id="asleep"),
        pytest.param("2026-11-28 05:30", "2026-11-28 05:30", id="Friday's shift ends on Saturday"),
        pytest.param("2026-11-28 12:00", "2026-11-30 22:00", id="the weekend"),
    ],
)
def test_a_shift_past_midnight_belongs_to_the_day_it_began_on(moment: str, when: str) -> None:
    person = User(zone="UTC", work_starts=time(22), work_ends=time(6))
    found = working_hours.next_at_work(person, datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(when).replace(tzinfo=UTC)
