"""Days as people promise them, said on Monday 30 November 2026."""

from datetime import date

import pytest

from followthrough.core.said_dates import read_day

MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("today", "2026-11-30"),
        ("Tomorrow", "2026-12-01"),
        ("Friday", "2026-12-04"),
        ("fri", "2026-12-04"),
        ("Thurs", "2026-12-03"),
        ("Monday", "2026-12-07"),
        ("this Friday", "2026-12-04"),
        ("next Friday", "2026-12-11"),
        ("next week", "2026-12-11"),
        ("in two weeks", "2026-12-14"),
        ("in 3 days", "2026-12-03"),
        ("within a month", "2026-12-30"),
        ("in 2 weeks' time", "2026-12-14"),
        ("in 5 working days", "2026-12-07"),
        ("in 3 business days", "2026-12-03"),
        ("end of the week", "2026-12-04"),
        ("eow", "2026-12-04"),
        ("end of next week", "2026-12-11"),
        ("end of month", "2026-11-30"),
        ("the end of next month", "2026-12-31"),
        ("end of the quarter", "2026-12-31"),
        ("15 Dec", "2026-12-15"),
        ("15th of December", "2026-12-15"),
        ("Dec 15th", "2026-12-15"),
        ("15 November", "2027-11-15"),
        ("3 Jan 2028", "2028-01-03"),
        ("the 15th", "2026-12-15"),
        ("2026-12-15", "2026-12-15"),
        ("15.12.", "2026-12-15"),
        ("15.12.2026", "2026-12-15"),
        ("12/25", "2026-12-25"),
        ("25/12/2026", "2026-12-25"),
    ],
)
def test_a_day(said: str, day: str) -> None:
    assert read_day(said, MONDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "soon",
        "04/05",
        "31 Feb",
        "in some weeks",
        "in 2 hours",
        "friendly",
        "mo",
        "2026-13-01",
        "in 999 moons",
        "may",
    ],
)
def test_no_day(said: str) -> None:
    assert read_day(said, MONDAY) is None


def test_a_weekday_is_never_today() -> None:
    assert read_day("friday", date(2026, 12, 4)) == date(2026, 12, 11)


def test_years_end() -> None:
    assert read_day("in a month", date(2026, 12, 31)) == date(2027, 1, 31)
    assert read_day("in three months", date(2026, 11, 30)) == date(2027, 2, 28)
    assert read_day("in 2 days", date.max) is None
