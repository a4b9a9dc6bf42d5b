"""Moments as tables and exports write them: a date, or a date and a time; read to the end, or refused.

A part that is not understood is never dropped: "2:03 PM" without its half of the day, or "14:03 CET" without its zone,
would be another moment.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from followthrough.core.parsing import epoch, iso_datetime
from followthrough.core.times import is_plausible
from followthrough.core.typed_clocks import read_clock
from followthrough.core.typed_zones import read_zone
from followthrough.incidents.imports.cell_values import NOTHING, Unreadable, short_text

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?P<year>\d{4}(?!\d)|'?\d\d(?![\d:]))"
_DATES = [
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?!\d)",
        r"(?P<year>\d{4})\u5e74(?P<month>\d{1,2})\u6708(?P<day>\d{1,2})\u65e5",
        rf"(?P<year>\d{{4}})[ -]{_MONTH}[ -]{_DAY}(?![\d:])",
        rf"{_DAY}[ /-]?(?:of )?{_MONTH},?[ /-]?{_YEAR}",
        rf"{_MONTH}[ /-]?{_DAY}(?:, ?|[ /]){_YEAR}",
        rf"{_MONTH}-{_DAY}-{_YEAR}",
        rf"{_MONTH}[ /]?{_DAY}-(?P<year>\d{{4}})",
    )
]
_NUMBERED = re.compile(
    r"(?P<one>\d{1,2})(?P<mark>[/.-])(?P<two>\d{1,2})(?P=mark)(?P<year>\d{4}|\d\d)(?!\d)", re.ASCII
)
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[.,]{0,2} ?", re.IGNORECASE)
_MIDNIGHT_AFTER = re.compile(r"24([:.])00(?=(?:\1|:)00|[^\d:.]|$)", re.ASCII)
_STOPS_FOR_COLONS = re.compile(r"(\d{1,2})\.([0-5]\d)\.(?=[0-5]\d)", re.ASCII)
_JOIN = re.compile(r"(?:T|:|_|,? ?(?:at |um |on |@ ?|[-–—] )?)", re.IGNORECASE)
_YEAR_LAST = re.compile(
    r"(?P<day>[a-z]{3,9}\.? \d{1,2}) (?P<clock>\d{1,2}:\d\d(?::\d\d)?)(?P<zone> [a-z]{1,5}| [+-]\d{4})? (?P<year>\d{4})(?P<rest>$| .*)",
    re.IGNORECASE | re.ASCII,
)
_ARROW = re.compile(r" ?(?:→|⟶|➔|[-=–—]>| – | — | - | to | until | till ) ?|(?<=[\dZz])/(?=\d{4}-)")
_ZONE_NAMES = {
    "pt": "America/Los_Angeles", "pacific time": "America/Los_Angeles", "mt": "America/Denver",
    "mountain time": "America/Denver", "ct": "America/Chicago", "central time": "America/Chicago",
    "et": "America/New_York", "eastern time": "America/New_York", "coordinated universal time": "UTC",
}  # fmt: skip
_LONGEST_SPAN_OF_TWO = 150
_NEVER = {"0000-00-00", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00"}
"""What MySQL and Go write for no moment at all."""
_EXCEL_DAYS = range(36_526, 73_050)
"""Days since 1899-12-30, as spreadsheets number those from 2000 to 2099."""
_OLDEST_EPOCH = 315_532_800
"""1980: smaller numbers are years or counts."""


def moment(value: Any, *, zone: str | tzinfo, days_first: bool) -> datetime | None:
    """A date, or a date and a time, in any of the usual spellings; a date alone means its midnight in `zone`."""
    return moments(value, zone=zone, days_first=days_first)[0]


def moments(
    value: Any, *, zone: str | tzinfo, days_first: bool, day: date | None = None
) -> tuple[datetime | None, datetime | None]:
    """The same, and the end where the value is a span: "20 Nov 2026 14:03 → 15:10".

    A time alone is of `day`, which another column told; without one it is Unreadable.
    """
    if isinstance(value, date):
        return _aware(value if isinstance(value, datetime) else datetime.combine(value, time()), zone), None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _numbered(value, zone), None
    text = " ".join(str(value).replace("\u200e", "").replace("\u200f", "").split())
    if text.lower() in NOTHING or text in _NEVER:
        return None, None
    if (found := _one(text, days_first=days_first, day=day)) is not None:
        return _aware(found, zone), None
    if (both := _two(text, days_first=days_first, day=day)) is not None:
        return _aware(both[0], zone), _aware(both[1], zone)
    short_text(text, "date and time")
    raise Unreadable(f"“{text[:40]}” is not a date and time that can be read. Write 2026-11-20 14:03.")


def is_clock(value: Any) -> bool:
    """Whether the value is a time of day without a day."""
    text = " ".join(str(value).split())
    return len(text) < 20 and _clock(text) is not None


def sensible(found: datetime) -> datetime:
    """The same; Unreadable for a year that nobody lives in."""
    if not is_plausible(found):
        raise Unreadable(f"The year {found.year} cannot be right. Give one between 1600 and 2200.")
    return found


def says_day_first(text: str) -> bool:
    """Whether a numbered date can only be read with its day first: 20/11/2026."""
    found = _NUMBERED.match(text)
    return bool(found and found["mark"] != "." and 12 < int(found["one"]) <= 31 and int(found["two"]) <= 12)


def zone_in(column: str) -> tzinfo | None:
    """The zone that a heading names for its times: "Started (UTC)", "end_time_utc"."""
    found = re.search(r"\(([^()]{1,40})\)\s*$|[ _](utc|gmt)$", column[:200], re.IGNORECASE)
    return _zone(found[1] or found[2]) if found else None


def _aware(found: datetime, zone: str | tzinfo) -> datetime:
    rule = ZoneInfo(zone) if isinstance(zone, str) else zone
    return sensible(found).replace(tzinfo=found.tzinfo or rule).astimezone(UTC)


def _numbered(number: float, zone: str | tzinfo) -> datetime | None:
    """Seconds since 1970, 20261120 or a spreadsheet's day; None for 0."""
    if number == 0:
        return None
    found = _from_digits(str(number))
    if found is None:
        raise Unreadable(f"{str(number)[:40]} is not a moment in seconds since 1970.")
    return _aware(found, zone)


def _from_digits(text: str) -> datetime | None:
    whole, _, fraction = text.partition(".")
    if not whole.isdigit() or not whole.isascii() or len(whole) > 19 or (fraction and not fraction.isdigit()):
        return None
    if len(whole) == 5 and int(whole) in _EXCEL_DAYS:
        seconds = round(float(text) % 1 * 86_400)
        return datetime(1899, 12, 30) + timedelta(days=int(whole), seconds=seconds)  # noqa: DTZ001 - zoned by the caller
    if len(whole) in {8, 12, 14} and not fraction and whole[:2] in {"19", "20", "21"}:
        return _compact(whole)
    return epoch(float(text)) if int(whole) >= _OLDEST_EPOCH else None


def _compact(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits.ljust(14, "0"), "%Y%m%d%H%M%S")  # noqa: DTZ007 - zoned by the caller
    except ValueError:
        return None


def _one(text: str, *, days_first: bool, day: date | None) -> datetime | None:
    if len(text) > 80:
        return None
    if text[:4].isdigit() and (found := _from_digits(text) or iso_datetime(text)):
        return found
    text = _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text
    if last := _YEAR_LAST.fullmatch(text):
        text = f"{last['day']} {last['year']} {last['clock']}{last['zone'] or ''}{last['rest']}"
    return _date_then_clock(text, days_first=days_first) or _clock_then_date(
        text, days_first=days_first, day=day
    )


def _date_then_clock(text: str, *, days_first: bool) -> datetime | None:
    found = _date(text, days_first=days_first)
    if found is None:
        return None
    day, at = found
    if not text[at:].strip():
        return datetime.combine(day, time())
    joined = _JOIN.match(text, at)
    clock = _clock(text[joined.end() if joined else at :].strip())
    return _combined(day, clock) if clock else None


def _clock_then_date(text: str, *, days_first: bool, day: date | None) -> datetime | None:
    """ "14:03 UTC, 20 Nov 2026"; a time alone where the day is known."""
    if day and (clock := _clock(text)):
        return _combined(day, clock)
    for gap in re.finditer(r",? (?:on )?", text[:40]):
        clock, dated = _clock(text[: gap.start()]), _WEEKDAY.sub("", text[gap.end() :], count=1)
        found = _date(dated, days_first=days_first) if clock else None
        if clock and found and not dated[found[1] :].strip():
            return _combined(found[0], clock)
    return None


def _date(text: str, *, days_first: bool) -> tuple[date, int] | None:
    """The date at the head of the text and where it ends."""
    for pattern in _DATES:
        if found := pattern.match(text):
            said = found.groupdict()
            month = (
                _MONTHS.index(said["name"][:3].lower()) + 1 if said.get("name") else int(said["month"] or 0)
            )
            return _made(_year(said["year"]), month, int(said["day"]), found.end())
    found = _NUMBERED.match(text)
    if not found or (len(found["year"]) == 2 and found["mark"] == "-"):
        return None
    one, two = int(found["one"]), int(found["two"])
    day_leads = (found["mark"] == "." or days_first or one > 12) and two <= 12
    day, month = (one, two) if day_leads else (two, one)
    return _made(_year(found["year"]), month, day, found.end())


def _year(text: str) -> int:
    digits = text.lstrip("'")
    return int(digits) if len(digits) == 4 else int(digits) + (2000 if int(digits) < 70 else 1900)


def _made(year: int, month: int, day: int, end: int) -> tuple[date, int] | None:
    try:
        return date(year, month, day), end
    except ValueError:
        return None


def _clock(text: str) -> tuple[time, tzinfo | None, int] | None:
    """(the time, its zone if it names one, days to add) of a text that is nothing else; None if it is none."""
    at_the_end = _MIDNIGHT_AFTER.match(text)
    text = f"00{text[2:]}" if at_the_end else _STOPS_FOR_COLONS.sub(r"\1:\2:", text, count=1)
    found = read_clock(text, 0, expected=True)
    if found is None or text[found.end - 1 : found.end].isspace():
        return None
    rest = text[found.end :].strip()
    zone = _zone(rest) if rest else None
    if rest and zone is None:
        return None
    return found.time, zone, 1 if at_the_end else 0


def _zone(text: str) -> tzinfo | None:
    """The zone that the whole text names; None for one that nobody knows."""
    text = re.sub(r"(?<=.) ?\([^()]{1,60}\)$|(?<=\d)\[[\w/+-]{1,40}\]$", "", text).strip("()[] ,")
    text = re.sub(r"(?<=[+-]\d{4}) [A-Z]{1,5}$", "", text, flags=re.ASCII)
    if name := _ZONE_NAMES.get(text.lower()):
        return ZoneInfo(name)
    if re.fullmatch(r"[+−-]\d{1,2}", text, re.ASCII):
        text = f"{text[0]}{text[1:].zfill(2)}:00"
    if re.fullmatch(r"[+−-]\d{3,4}|[+−-]\d:\d\d", text, re.ASCII):
        text = f"{text[0]}{text[1:].replace(':', '').zfill(4)}"
    text = text.upper() if text.isalpha() else text
    text = re.sub(r"^(?i:utc|gmt) ?(?=[+−-])", "UTC", text)
    found = read_zone(text, 0, dated=True)
    return found[0].rule if found and found[0] and found[1] == len(text) else None


def _combined(day: date, clock: tuple[time, tzinfo | None, int]) -> datetime:
    said, zone, later = clock
    return datetime.combine(day, said, zone) + timedelta(days=later)


def _two(text: str, *, days_first: bool, day: date | None) -> tuple[datetime, datetime] | None:
    """Beginning and end, of which the second may lack its day, and the first its zone."""
    if len(text) > _LONGEST_SPAN_OF_TWO:
        return None
    for gap in list(_ARROW.finditer(text))[:6]:
        began = _one(text[: gap.start()], days_first=days_first, day=day)
        if began is None:
            continue
        last = text[gap.end() :]
        ended = _one(last, days_first=days_first, day=began.date())
        if ended is None:
            continue
        began = began.replace(tzinfo=began.tzinfo or ended.tzinfo)
        ended = ended.replace(tzinfo=ended.tzinfo or began.tzinfo)
        return began, ended + timedelta(days=1) if is_clock(last) and ended < began else ended
    return None
