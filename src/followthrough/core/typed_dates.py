"""Days as people write them: `20 Nov`, `November 20th, 2026`, `2026-11-20`, `20.11.26`, `11/20`, `Friday`, `yesterday`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OTHER_SPELLINGS = {"mär": "mar", "mrz": "mar", "mai": "may", "okt": "oct", "dez": "dec"}
_MONTH = (
    r"(?:(?i:jan(?:uary?)?|januar|feb(?:ruary?)?|februar|mar(?:ch)?|märz|mrz|apr(?:il)?|june?|juni|july?|juli"
    r"|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)|Mai|May|MAY)(?![A-Za-zä])"
)
_YEAR = r"(?:19|20|21)\d\d(?!\d|:\d)"
_DAY_OF_MONTH = r"\d{1,2}(?:st|nd|rd|th)?(?!\w)"
_LAST_DAY = r"(?:\s?[-–]\s?\d{1,2}(?:st|nd|rd|th)?(?![\w:.]))?"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(
    r"(?P<name>(?i:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?)(?!\w),?\.?\s+(?=\w)"
)
_NUMBERED = re.compile(
    r"(?P<year>(?:19|20|21)\d\d)(?:(?P<mark>[-/.])\s?(?P<month>\d\d?)(?P=mark)\s?(?P<day>\d\d?)\.?(?!\d)"
    r"|(?P<month_>[01]\d)(?P<day_>[0-3]\d)(?=T\d|\s\d\d:))"
)
_DAY_FIRST = re.compile(
    rf"(?P<day>{_DAY_OF_MONTH}){_LAST_DAY}\.?\s+(?:of\s+)?(?P<month>{_MONTH})\.?(?:,?\s+(?P<year>{_YEAR}))?"
)
_MONTH_FIRST = re.compile(
    rf"(?P<month>{_MONTH})\.?\s+(?P<day>{_DAY_OF_MONTH}){_LAST_DAY}(?:,?\s+(?P<year>{_YEAR}))?"
)
_MARKED = re.compile(
    rf"(?P<day>\d{{1,2}})(?P<mark>[-/])(?P<month>{_MONTH})(?P=mark)(?P<year>(?:(?:19|20|21)\d\d|\d\d))(?!\d)"
)
_NUMERIC = re.compile(
    r"""(?P<one>\d{1,2})(?P<mark>[-/.])\s?(?P<other>\d{1,2})
        (?:(?P=mark)\s?(?P<year>(?:19|20|21)\d\d|\d\d)(?![\d:/])
          |(?<=\d)(?:(?P<dot>\.)(?=[\s,)]|$)|(?![\w./-]|:\d)))""",
    re.VERBOSE,
)
_BEFORE_A_CLOCK = re.compile(r",?\s+(?:at\s+)?(?:[01]?\d|2[0-3])[:.][0-5]\d(?!\d)")
_NO_DAY = re.compile(r"24/7|\d+/\d+\s+of\b")
_BESIDE_TODAY = re.compile(r"(?i:(?P<word>yesterday|today|tomorrow))(?!\w)")


@dataclass(frozen=True)
class CalendarDay:
    """A date as written; without its year it is the one nearest to the incident's first day."""

    year: int | None
    month: int
    day: int

    def near(self, first: date) -> list[date]:
        """The dates this may mean, none for 29 February far from a leap year."""
        years = [self.year] if self.year else range(first.year - 1, first.year + 2)
        return [day for year in years if (day := as_date(year, self.month, self.day))]


@dataclass(frozen=True)
class NumericDay:
    """`05/06/26`: which number is the month is settled by the log it stands in, or by what is near."""

    one: int
    other: int
    year: int | None

    def ordered(self, *, day_first: bool) -> CalendarDay | None:
        """The date with its day first, or its month; None if there is no such day."""
        day, month = (self.one, self.other) if day_first else (self.other, self.one)
        return calendar_day(self.year, month, day)

    def near(self, first: date) -> list[date]:
        ways = [found for day_first in (True, False) if (found := self.ordered(day_first=day_first))]
        return [day for found in ways for day in found.near(first)]


@dataclass(frozen=True)
class Weekday:
    """`Friday`: one of those around the incident. Monday is 0."""

    number: int

    def near(self, first: date) -> list[date]:
        monday = first - timedelta(days=first.weekday())
        return [monday + timedelta(days=self.number + week) for week in (-7, 0, 7)]


@dataclass(frozen=True)
class RelativeDay:
    """So many days after the one on which it is said."""

    days: int

    def near(self, first: date) -> list[date]:
        return [first + timedelta(days=self.days)]


Day = CalendarDay | NumericDay | Weekday | RelativeDay


def read_day(text: str, at: int) -> tuple[Day | None, int]:
    """The day written at `at` and where it ends. A weekday alone counts only before something else."""
    if found := _BESIDE_TODAY.match(text, at):
        return RelativeDay(("yesterday", "today", "tomorrow").index(found["word"].lower()) - 1), found.end()
    weekday = _WEEKDAY.match(text, at)
    begin = weekday.end() if weekday else at
    for read in (_numbered, _named, _numeric):
        if found_day := read(text, begin):
            return found_day
    if weekday:
        return Weekday(_WEEKDAYS.index(weekday["name"][:3].lower())), begin
    return None, at


def calendar_day(year: int | None, month: int, day: int) -> CalendarDay | None:
    a_leap_year = 2024
    return CalendarDay(year, month, day) if as_date(year or a_leap_year, month, day) else None


def as_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _numbered(text: str, at: int) -> tuple[Day, int] | None:
    found = _NUMBERED.match(text, at)
    if not found:
        return None
    month, number = int(found["month"] or found["month_"]), int(found["day"] or found["day_"])
    day = calendar_day(int(found["year"]), month, number)
    return (day, found.end()) if day else None


def _named(text: str, at: int) -> tuple[Day, int] | None:
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _MARKED):
        if found := pattern.match(text, at):
            name = found["month"][:3].lower()
            month = _MONTHS.index(_OTHER_SPELLINGS.get(name, name)) + 1
            day = calendar_day(_full_year(found["year"]), month, int(found["day"].rstrip("stndrh")))
            return (day, found.end()) if day else None
    return None


def _numeric(text: str, at: int) -> tuple[Day, int] | None:
    found = _NUMERIC.match(text, at)
    if not found or _NO_DAY.match(text, at) or not _is_plainly_a_day(found, text):
        return None
    one, other, year = int(found["one"]), int(found["other"]), _full_year(found["year"])
    written: Day | None = NumericDay(one, other, year)
    if found["mark"] == ".":
        written = calendar_day(year, other, one)
    return (written, found.end()) if written and written.near(date(2024, 1, 1)) else None


def _is_plainly_a_day(found: re.Match[str], text: str) -> bool:
    """False for numbers that may be something else: `14.20`, `9-5`, `10.2.3`."""
    if found["mark"] == "/" or found["dot"]:
        return True
    if found["year"]:
        return (
            len(found["year"]) == 4 or found["mark"] == "-" or bool(_BEFORE_A_CLOCK.match(text, found.end()))
        )
    return bool(_BEFORE_A_CLOCK.match(text, found.end()))


def _full_year(said: str | None) -> int | None:
    if not said:
        return None
    return int(said) if len(said) == 4 else 2000 + int(said)
