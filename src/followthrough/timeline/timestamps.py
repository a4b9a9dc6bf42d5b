"""Times as written at the head of a line: `14:11`, `[2:11 pm]`, `23 Nov 14:11 CET`, `2026-11-23T14:11:30Z`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from followthrough.core.typed_zones import Zone, read_zone

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)|May|MAY)(?![A-Za-z])"
)
_YEAR = r"(?:19|20|21)\d\d(?!\d|:\d)"
_DAY_OF_MONTH = r"\d{1,2}(?:st|nd|rd|th)?(?!\w)"

_LEAD = re.compile(r"\s*(?:[*•·-]\s+)?(?P<bracket>\[\s*)?")
_WEEKDAY = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+(?=\w)")
_NUMBERED = re.compile(
    r"(?P<year>(?:19|20|21)\d\d)(?P<mark>[-/])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?!\d)"
)
_DAY_FIRST = re.compile(rf"(?P<day>{_DAY_OF_MONTH})\s+(?P<month>{_MONTH})\.?(?:,?\s+(?P<year>{_YEAR}))?")
_MONTH_FIRST = re.compile(rf"(?P<month>{_MONTH})\.?\s+(?P<day>{_DAY_OF_MONTH})(?:,?\s+(?P<year>{_YEAR}))?")
_BESIDE_START = re.compile(r"(?i:(?P<word>yesterday|today|tomorrow))(?!\w)")
_JOIN = re.compile(r"T(?=\d)|,?\s+(?:at\s+)?|")
_CLOCK = re.compile(
    r"""(?P<hour>\d{1,2})
        (?::(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,](?P<fraction>\d{1,9}))?)?)?
        (?:\s?(?P<half>[ap])\.?m(?!\w)\.?)?(?!\d)""",
    re.VERBOSE | re.IGNORECASE,
)
_CLOSING = re.compile(r"\s*\]")
_EDGE = re.compile(r"$|[\s,;|>)\]–—-]|[:.](?!\d)")
_SEPARATOR = re.compile(r"\s*(?:[-–—→|,;:.](?=\s|$)(?!\s*\d{1,2}:\d\d))?\s*")


@dataclass(frozen=True)
class CalendarDay:
    """A date as written; without its year it is the one nearest to the incident's first day."""

    year: int | None
    month: int
    day: int

    def near(self, first: date) -> list[date]:
        """The dates this may mean, none for 29 February far from a leap year."""
        years = [self.year] if self.year else range(first.year - 1, first.year + 2)
        return [day for year in years if (day := _date(year, self.month, self.day))]


@dataclass(frozen=True)
class RelativeDay:
    """So many days after the incident's first day: `yesterday` is the day before it began."""

    days: int

    def near(self, first: date) -> list[date]:
        return [first + timedelta(days=self.days)]


Day = CalendarDay | RelativeDay


@dataclass(frozen=True)
class Stamp:
    """A time as written. `day` or `clock` may be missing, never both.

    `said` is what was written, `rest` the words after it, `halved` that am or pm was said.
    """

    said: str
    rest: str
    day: Day | None
    clock: time | None
    zone: Zone | None
    bracketed: bool
    halved: bool


def read_stamp(text: str) -> Stamp | None:
    """The time at the head of `text`; None where there is none or it cannot be (`25:71`)."""
    lead = _LEAD.match(text)
    begin = at = lead.end() if lead else 0
    day, at = _read_day(text, at)
    clock, halved, at = _read_clock(text, at, after_day=day is not None)
    if day is None and clock is None:
        return None
    zone = read_zone(text, at, dated=day is not None) if clock else None
    end = zone[1] if zone else at
    bracketed = bool(lead and lead["bracket"])
    rest = _rest(text, end, bracketed=bracketed)
    if rest is None:
        return None
    return Stamp(text[begin:end].strip(), rest, day, clock, zone and zone[0], bracketed, halved)


def _rest(text: str, at: int, *, bracketed: bool) -> str | None:
    """The words after a time that ends at `at`; None if something else is grown together with it."""
    if bracketed:
        closing = _CLOSING.match(text, at)
        if not closing:
            return None
        at = closing.end()
    elif not _EDGE.match(text, at):
        return None
    separator = _SEPARATOR.match(text, at)
    return text[separator.end() if separator else at :].strip()


def _read_day(text: str, at: int) -> tuple[Day | None, int]:
    if found := _BESIDE_START.match(text, at):
        return RelativeDay(("yesterday", "today", "tomorrow").index(found["word"].lower()) - 1), found.end()
    weekday = _WEEKDAY.match(text, at)
    begin = weekday.end() if weekday else at
    for pattern in (_NUMBERED, _DAY_FIRST, _MONTH_FIRST):
        found = pattern.match(text, begin)
        if found and (day := _calendar_day(found["year"], found["month"], found["day"])):
            return day, found.end()
    return None, at


def _calendar_day(year: str | None, month: str, day: str) -> CalendarDay | None:
    month_number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    written = CalendarDay(int(year) if year else None, month_number, int(day.rstrip("stndrh")))
    a_leap_year = 2024
    return written if _date(written.year or a_leap_year, written.month, written.day) else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _read_clock(text: str, at: int, *, after_day: bool) -> tuple[time | None, bool, int]:
    join = _JOIN.match(text, at) if after_day else None
    found = _CLOCK.match(text, join.end() if join else at)
    if not found or not (found["minute"] or found["half"]):
        return None, False, at
    hour = _hour(int(found["hour"]), found["half"])
    if hour is None:
        return None, False, at
    micro = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    clock = time(hour, int(found["minute"] or 0), int(found["second"] or 0), micro)
    return clock, bool(found["half"]), found.end()


def _hour(said: int, half: str | None) -> int | None:
    """The hour of the day, 0 to 23; None if there is no such hour."""
    if half is None:
        return said if said < 24 else None
    if not 1 <= said <= 12:
        return None
    return said % 12 + (12 if half in "pP" else 0)
