"""Days as people promise them: "Friday", "in two weeks", "15 Dec", "end of the month"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_COUNTS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "eight": 8,
    "ten": 10,
}
_WEEK, _MOST_YEARS = 7, 50
_LAST_WORKDAY = 4

_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,7}}\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:,?\s+(?P<year>\d{4}))?"


def read_day(said: str, today: date) -> date | None:
    """The day that `said` means for somebody whose day is `today`, the next one of its kind; None for no day.

    A weekday is the next of its name and never today; "next Friday" is the one of next week. What could be two days,
    such as 04/05, is none.
    """
    words = " ".join(said.casefold().split())
    for pattern, day_of in _FORMS:
        if match := pattern.fullmatch(words):
            with suppress(ValueError, OverflowError):
                if day := day_of(match, today):
                    return day
    return None


def _relative(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=1 if match["word"].startswith(("tom", "tmr")) else 0)


def _weekday(match: re.Match[str], today: date) -> date | None:
    wanted = next((at for at, name in enumerate(_WEEKDAYS) if _is_short_for(match["weekday"], name)), None)
    if wanted is None:
        return None
    if match["which"] == "next":
        return _monday(today) + timedelta(days=_WEEK + wanted)
    return today + timedelta(days=(wanted - today.weekday() - 1) % _WEEK + 1)


def _is_short_for(said: str, name: str) -> bool:
    return name == said or (len(said) in {3, 4, 5} and name.startswith(said))


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _span(match: re.Match[str], today: date) -> date:
    count = _COUNTS.get(match["count"]) or int(match["count"])
    if match["unit"].startswith("month"):
        return _months_on(today, count)
    if match["unit"].startswith(("working", "work", "business")):
        return _working_days_on(today, count)
    return today + timedelta(days=count * (_WEEK if match["unit"].startswith("week") else 1))


def _months_on(today: date, count: int) -> date:
    years, month = divmod(today.month - 1 + count, 12)
    year = today.year + years
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def _working_days_on(today: date, count: int) -> date:
    weeks, rest = divmod(count, 5)
    day = today + timedelta(days=_WEEK * min(weeks, _MOST_YEARS * 52))
    while rest or day.weekday() > _LAST_WORKDAY:
        day += timedelta(days=1)
        rest -= bool(rest and day.weekday() <= _LAST_WORKDAY)
    return day


def _next_week(_match: re.Match[str], today: date) -> date:
    return _monday(today) + timedelta(days=_WEEK + _LAST_WORKDAY)


def _end(match: re.Match[str], today: date) -> date:
    unit = match["unit"] or {"w": "week", "m": "month", "q": "quarter", "y": "year"}[match["short"]]
    if unit == "week":
        friday = _monday(today) + timedelta(days=_LAST_WORKDAY)
        return friday + timedelta(days=_WEEK) if match["next"] or friday <= today else friday
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    ahead = months - (today.month - 1) % months + (months if match["next"] else 0)
    first_after = _months_on(today.replace(day=1), ahead)
    return _workday_before(first_after)


def _workday_before(day: date) -> date:
    day -= timedelta(days=1)
    return day - timedelta(days=max(0, day.weekday() - _LAST_WORKDAY))


def _named_month(match: re.Match[str], today: date) -> date:
    month = 1 + _MONTHS.index(match["month"])
    return _this_year_or_next(int(match["day"]), month, match["year"], today)


def _numbers(match: re.Match[str], today: date) -> date | None:
    """Day first with full stops; with slashes only where one number cannot be a month."""
    first, second = int(match["first"]), int(match["second"])
    if match["mark"] == "/":
        if (first > 12) == (second > 12) and first != second:
            return None
        first, second = (first, second) if first > 12 or first == second else (second, first)
    return _this_year_or_next(first, second, match["year"], today)


def _this_year_or_next(day: int, month: int, year: str | None, today: date) -> date:
    found = date(int(year) if year else today.year, month, day)
    return found if year or found >= today else found.replace(year=today.year + 1)


def _day_of_month(match: re.Match[str], today: date) -> date:
    day = int(match["day"])
    return _months_on(today, 1).replace(day=day) if day <= today.day else today.replace(day=day)


def _iso(match: re.Match[str], _today: date) -> date:
    return date.fromisoformat(match[0])


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = (
    (re.compile(r"(?P<word>today|tonight|tomorrow|tmrw)"), _relative),
    (re.compile(r"(?:(?P<which>next|this|coming)\s)?(?P<weekday>[a-z]{3,9})\.?"), _weekday),
    (
        re.compile(
            r"(?:in|within)\s(?P<count>\d{1,3}|[a-z]{1,5})\s"
            r"(?P<unit>days?|weeks?|months?|(?:working|work|business)\sdays?)(?:['’]s?\stime)?"
        ),
        lambda match, today: _span(match, today) if _is_count(match["count"]) else None,
    ),
    (re.compile(r"next\sweek"), _next_week),
    (
        re.compile(
            r"(?:the\s)?end\sof\s(?:the\s|this\s|(?P<next>next\s))?(?P<unit>week|month|quarter|year)|eo(?P<short>[wmqy])"
        ),
        _end,
    ),
    (re.compile(r"\d{4}-\d\d-\d\d"), _iso),
    (re.compile(rf"(?:the\s)?{_DAY}\s(?:of\s)?{_MONTH}{_YEAR}"), _named_month),
    (re.compile(rf"{_MONTH}\s{_DAY}{_YEAR}"), _named_month),
    (
        re.compile(r"(?P<first>\d{1,2})(?P<mark>[./])(?P<second>\d{1,2})(?:(?P=mark)(?P<year>\d{4})?)?"),
        _numbers,
    ),
    (re.compile(r"the\s(?P<day>\d{1,2})(?:st|nd|rd|th)"), _day_of_month),
)


def _is_count(said: str) -> bool:
    return said in _COUNTS or said.isdecimal()
