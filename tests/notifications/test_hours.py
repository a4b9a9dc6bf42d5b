"""Working hours on everyone's own clock, also where clocks are put forward and back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from followthrough.notifications import hours
from followthrough.people.models import User

ZONES = ["UTC", "Europe/Warsaw", "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]
moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
people = st.builds(
    lambda zone, starts, length, days: User(
        zone=zone, work_starts=time(starts), work_ends=time(starts + length), working_days=sorted(days)
    ),
    st.sampled_from(ZONES),
    st.integers(5, 12),
    st.integers(4, 11),
    st.sets(st.integers(0, 6)),
)


@given(people, moments)
def test_mail_waits_for_the_next_working_hours_and_no_longer(person: User, moment: datetime) -> None:
    found = hours.next_at_work(person, moment)
    there = found.astimezone(ZoneInfo(person.zone))
    assert found >= moment
    assert hours.is_at_work(person, found)
    assert person.work_starts <= there.time() < person.work_ends
    assert found == moment or there.time() == person.work_starts
    assert found - moment <= timedelta(days=7, hours=1)


@given(people, moments)
def test_what_must_come_before_comes_in_the_last_working_hours(person: User, moment: datetime) -> None:
    found = hours.last_at_work(person, moment)
    assert found <= moment
    assert hours.is_at_work(person, found)


@given(people, moments, st.integers(1, 10))
def test_working_days_are_counted_on_the_persons_calendar(person: User, moment: datetime, days: int) -> None:
    found = hours.after_working_days(person, moment, days)
    first, last = hours.local_day(person, moment), hours.local_day(person, found)
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert sum(hours.works_on(person, day) for day in between) == days
    assert found.astimezone(ZoneInfo(person.zone)).time() == person.work_ends


def test_a_friday_evening_waits_until_monday_and_a_clock_put_back_is_counted() -> None:
    person = User(zone="America/New_York")
    friday = datetime(2026, 10, 30, 22, tzinfo=UTC)
    assert hours.next_at_work(person, friday) == datetime(2026, 11, 2, 14, tzinfo=UTC)
