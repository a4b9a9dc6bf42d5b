from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followthrough.core.timestamps import read_stamp
from followthrough.timeline.log_clock import LogClock
from followthrough.timeline.typed_times import Line, format_length, format_offset, read_line

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 23, 14, 3, tzinfo=BERLIN)
END = datetime(2026, 11, 23, 14, 41, tzinfo=BERLIN)
TODAY = date(2026, 11, 23)


def line(
    text: str,
    start: datetime = START,
    previous: datetime | None = None,
    end: datetime | None = None,
    *,
    days: bool = False,
) -> Line:
    return read_line(text, start=start, zone=BERLIN, previous=previous, end=end, days=days, today=TODAY)


def berlin(day: int, hour: int, minute: int, second: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("typed", "expected", "words"),
    [
        ("14:11 alert fired", berlin(23, 14, 11), "alert fired"),
        ("2:11pm alert", berlin(23, 14, 11), "alert"),
        ("2:11 p.m. alert", berlin(23, 14, 11), "alert"),
        ("2pm alert", berlin(23, 14, 0), "alert"),
        ("14:11:30 alert", berlin(23, 14, 11, 30), "alert"),
        ("yesterday 23:50 deploy", berlin(22, 23, 50), "deploy"),
        ("+8m alert", berlin(23, 14, 11), "alert"),
        ("+8 min alert", berlin(23, 14, 11), "alert"),
        ("T+8m alert", berlin(23, 14, 11), "alert"),
        ("+1h05 fixed", berlin(23, 15, 8), "fixed"),
        ("+1 h 05 fixed", berlin(23, 15, 8), "fixed"),
        ("+90 min fixed", berlin(23, 15, 33), "fixed"),
        ("-22m deploy", berlin(23, 13, 41), "deploy"),
        ("−22 min deploy", berlin(23, 13, 41), "deploy"),
        ("14:11 UTC alert", berlin(23, 15, 11), "alert"),
        ("14:11 CET alert", berlin(23, 14, 11), "alert"),
        ("14:11 +02:00 alert", berlin(23, 13, 11), "alert"),
        ("14:11 UTC+2 alert", berlin(23, 13, 11), "alert"),
        ("09:30 America/New_York alert", berlin(23, 15, 30), "alert"),
        ("2026-11-23 14:11 alert", berlin(23, 14, 11), "alert"),
        ("2026-11-23T13:11:30Z alert", berlin(23, 14, 11, 30), "alert"),
        ("2026-11-23T14:11:30+0100 alert", berlin(23, 14, 11, 30), "alert"),
        ("Mon, 23 Nov 2026 13:11:30 +0000 alert", berlin(23, 14, 11, 30), "alert"),
        ("23 Nov 14:11 alert", berlin(23, 14, 11), "alert"),
        ("Nov 23 14:11 alert", berlin(23, 14, 11), "alert"),
        ("November 23rd, 2026 at 2:11 PM alert", berlin(23, 14, 11), "alert"),
        ("[14:11] alert", berlin(23, 14, 11), "alert"),
        ("* [13:26] @mei reports", berlin(23, 13, 26), "@mei reports"),
        ("14:11 - alert", berlin(23, 14, 11), "alert"),
        ("14:11: alert", berlin(23, 14, 11), "alert"),
        ("14:11", berlin(23, 14, 11), ""),
    ],
)
def test_a_time_at_the_head_of_a_line_is_read(typed: str, expected: datetime, words: str) -> None:
    read = line(typed)
    assert read.happened_at == expected
    assert read.happened_at.tzinfo is UTC
    assert read.text == words
    assert read.said


@pytest.mark.parametrize(
    "typed",
    [
        "alert fired",
        "",
        "25:71 alert",
        "14:60 alert",
        "14:11 am alert",
        "2 pods died",
        "16:9 screens",
        "+8 to that",
        "+1",
        "- 22 min later",
        "14:11% of users",
        "30 Feb 14:11 alert",
        "2026-13-45 14:11 alert",
        "[14:11 alert",
        "23 Nov first complaint",
        "1 may have been slow",
    ],
)
def test_what_is_not_a_time_stays_text(typed: str) -> None:
    assert line(typed) == Line(typed, None, "Europe/Berlin", "")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("14:11 PET scan", "PET scan"),
        ("14:11 Frontend/API down", "Frontend/API down"),
        ("14:11 +1000 errors", "+1000 errors"),
        ("14:11-14:20 rollback", "rollback (until 14:20)"),
        ("14:11-10:00 rollback", "rollback (until 10:00)"),
        ("14:11 - 14:20 rollback", "rollback (until 14:20)"),
    ],
)
def test_what_only_looks_like_a_zone_is_none(typed: str, words: str) -> None:
    read = line(typed)
    assert (read.happened_at, read.text, read.zone) == (berlin(23, 14, 11), words, "Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "zone", "said"),
    [
        ("14:11 x", "Europe/Berlin", "14:11"),
        ("14:11 CEST x", "CEST", "14:11 CEST"),
        ("14:11 IST x", "IST", "14:11 IST"),
        ("14:11 -05:00 x", "-05:00", "14:11 -05:00"),
        ("2026-11-23T14:11Z x", "UTC", "2026-11-23T14:11Z"),
        ("14:11 Asia/Kolkata x", "Asia/Kolkata", "14:11 Asia/Kolkata"),
    ],
)
def test_the_zone_and_the_words_for_the_time_are_kept(typed: str, zone: str, said: str) -> None:
    read = line(typed)
    assert (read.zone, read.said) == (zone, said)


def test_after_midnight_a_clock_time_is_the_next_days() -> None:
    start = berlin(23, 23, 40)
    assert line("00:10 x", start, previous=berlin(23, 23, 55)).happened_at == berlin(24, 0, 10)
    assert line("00:10 x", start).happened_at == berlin(24, 0, 10)
    assert line("23:20 x", start, previous=berlin(24, 0, 10)).happened_at == berlin(23, 23, 20)


def test_a_time_shortly_before_the_start_is_the_same_days() -> None:
    assert line("13:41 deploy", previous=berlin(23, 14, 30), end=END).happened_at == berlin(23, 13, 41)
    assert line("22:15 deploy", berlin(23, 3, 0), end=berlin(23, 3, 30)).happened_at == berlin(22, 22, 15)


def test_a_time_far_outside_the_incident_counts_as_less_near() -> None:
    assert line("02:20 x", previous=berlin(23, 14, 11)).happened_at == berlin(24, 2, 20)
    assert line("02:20 x", previous=berlin(23, 14, 11), end=END).happened_at == berlin(23, 2, 20)


def test_a_clock_time_belongs_to_the_day_on_which_it_lies_within_the_incident() -> None:
    start, end = berlin(20, 13, 0), berlin(21, 9, 0)
    assert line("14:11 x", start, previous=berlin(21, 8, 50), end=end).happened_at == berlin(20, 14, 11)
    assert line("02:20 x", start, end=end).happened_at == berlin(21, 2, 20)
    assert line("09:30 x", start, previous=berlin(21, 8, 50), end=end).happened_at == berlin(21, 9, 30)
    assert line("11:30 x", start, end=end).happened_at == berlin(20, 11, 30)


def test_yesterday_is_the_day_before_the_one_on_which_it_is_written() -> None:
    start, end = berlin(20, 13, 0), berlin(21, 9, 0)
    assert line("yesterday 23:50 x", start, end=end).happened_at == berlin(22, 23, 50)


def test_a_clock_time_that_lies_within_it_on_no_day_is_on_the_nearest_to_it() -> None:
    start, end = berlin(20, 0, 5), berlin(20, 9, 11)
    assert line("2:11pm x", start, previous=berlin(20, 0, 13), end=end).happened_at == berlin(20, 14, 11)


def test_after_an_entry_outside_the_incident_the_nearest_day_to_that_is_meant() -> None:
    assert line("14:20 x", previous=berlin(25, 10, 0), end=END).happened_at == berlin(25, 14, 20)


def test_a_date_without_its_year_is_the_nearest_one() -> None:
    new_year = datetime(2027, 1, 1, 0, 30, tzinfo=BERLIN)
    assert line("31 Dec 23:50 x", new_year).happened_at == berlin(31, 23, 50, month=12)
    assert line("29 Feb 10:00 x").happened_at is None


def test_in_the_hour_shown_twice_the_pass_nearest_to_the_entry_before_is_meant() -> None:
    start = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    assert line("02:10 x", start).happened_at == datetime(2026, 10, 25, 0, 10, tzinfo=UTC)
    previous = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    assert line("02:10 x", start, previous).happened_at == datetime(2026, 10, 25, 1, 10, tzinfo=UTC)


def test_in_the_skipped_hour_the_time_is_as_far_after_the_skip() -> None:
    start = datetime(2026, 3, 29, 1, 50, tzinfo=BERLIN)
    assert line("02:30 x", start).happened_at == datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("25 Nov cut-over", berlin(25, 14, 3)),
        ("2026-11-25 cut-over", berlin(25, 14, 3)),
        ("+3d cut-over", berlin(26, 14, 3)),
        ("-2 days cut-over", berlin(21, 14, 3)),
        ("25 Nov 09:00 cut-over", berlin(25, 9, 0)),
    ],
)
def test_events_told_in_days_take_dates_alone(typed: str, expected: datetime) -> None:
    read = line(typed, days=True)
    assert (read.happened_at, read.text) == (expected, "cut-over")


def test_days_of_an_event_are_calendar_days() -> None:
    before_the_change = datetime(2026, 10, 24, 9, 0, tzinfo=BERLIN)
    read = line("+1d x", before_the_change, days=True)
    assert read.happened_at == datetime(2026, 10, 25, 9, 0, tzinfo=BERLIN)
    assert read.happened_at is not None
    assert format_offset(read.happened_at - before_the_change, days=True) == "+1 d"


@pytest.mark.parametrize(
    ("delta", "said"),
    [
        (timedelta(minutes=8), "+8 min"),
        (timedelta(minutes=-22), "−22 min"),
        (timedelta(minutes=65), "+1 h 05"),
        (timedelta(hours=2), "+2 h"),
        (timedelta(days=3), "+3 d"),
        (timedelta(days=1, minutes=5), "+1 d 5 min"),
        (timedelta(days=1, hours=4, minutes=5), "+1 d 4 h 05"),
        (timedelta(seconds=40), "+40 s"),
        (timedelta(0), "start"),
    ],
)
def test_offsets_in_words(delta: timedelta, said: str) -> None:
    assert format_offset(delta) == said


def test_lengths_have_no_sign() -> None:
    assert format_length(timedelta(minutes=-8)) == "8 min"
    assert format_length(timedelta(0)) == "0 min"
    assert format_length(timedelta(days=2, hours=13), days=True) == "3 d"


@given(st.integers(min_value=-60 * 24 * 400, max_value=60 * 24 * 400).filter(bool))
def test_what_is_shown_as_an_offset_is_read_back(minutes: int) -> None:
    delta = timedelta(minutes=minutes)
    read = line(f"{format_offset(delta)} rolled back")
    assert (read.happened_at, read.text) == (START.astimezone(UTC) + delta, "rolled back")


TIME_LIKE = st.text(alphabet="0123456789:+-−T./[] ,apmZUTCNov", max_size=30)


@settings(max_examples=60)
@given(st.one_of(st.text(max_size=40), TIME_LIKE), st.booleans())
def test_nothing_typed_breaks_the_reading(typed: str, days: bool) -> None:
    read = line(typed, days=days)
    assert (read.happened_at is None) == (read.said == "")
    assert read.text.partition(" (about this time")[0].partition(" (until ")[0] in typed


@given(st.lists(st.integers(min_value=0, max_value=22 * 60), max_size=20))
def test_a_log_in_order_keeps_its_days(steps: list[int]) -> None:
    clock = LogClock(start=START, zone=BERLIN, end=None)
    moment = START.astimezone(UTC)
    for step in [0, *steps]:
        moment += timedelta(minutes=step)
        stamp = read_stamp(f"{moment:%H:%M} UTC")
        assert stamp is not None
        assert clock.read(stamp) == moment


def test_a_log_that_steps_back_a_little_stays_on_its_day() -> None:
    clock = LogClock(start=START, zone=BERLIN, end=None)
    read = [clock.read(stamp) for said in ("23:58", "00:03", "23:59", "07:00") if (stamp := read_stamp(said))]
    assert read == [berlin(23, 23, 58), berlin(24, 0, 3), berlin(23, 23, 59), berlin(24, 7, 0)]


def test_a_stamp_tells_its_parts() -> None:
    stamp = read_stamp("[2:11 pm UTC] pool full")
    assert stamp is not None
    assert (stamp.clock, stamp.rest, stamp.bracketed, stamp.halved) == (time(14, 11), "pool full", True, True)
