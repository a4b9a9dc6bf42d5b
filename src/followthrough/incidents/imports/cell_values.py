"""Parses texts of files as moments, spans, severities and words; raises Unreadable with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from followthrough.core.parsing import epoch, iso_datetime, mail_date
from followthrough.core.times import is_plausible

MONTHS_FIRST = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%B %d %Y")
CLOCKS = ("", " %H:%M", " %H:%M:%S")
GRAVITY = {
    "critical": 1, "blocker": 1, "emergency": 1, "highest": 1,
    "major": 2, "high": 2, "severe": 2,
    "moderate": 3, "medium": 3, "normal": 3,
    "minor": 4, "low": 4, "warning": 4,
    "none": 5, "info": 5, "informational": 5, "maintenance": 5, "trivial": 5, "lowest": 5, "cosmetic": 5,
}  # fmt: skip
LONGEST = 64
"""Characters of a date, a length of time or a severity."""
_MINUTES = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,6}):(\d\d)(?::(\d\d))?", re.ASCII)
_AMOUNT = re.compile(r"(?<![\d.])(\d{1,9}(?:\.\d{1,9})?) ?(d|h|m|s)", re.ASCII)
NOTHING = {"?", "-", "–", "n/a", "na", "none", "null", "unknown", "not known", "tbd"}


class Unreadable(Exception):
    """Why a value cannot be taken, for the person who repairs the file."""


def moment(value: Any, *, zone: str, days_first: bool) -> datetime | None:
    """A date, or a date and a time, in any of the usual spellings; a date alone means its midnight in `zone`."""
    if isinstance(value, datetime):
        return _aware(value, zone)
    if isinstance(value, date):
        return _aware(datetime(value.year, value.month, value.day), zone)  # noqa: DTZ001 - zoned in _aware
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _since_1970(value)
    text = " ".join(_short(value, "date and time").split())
    if text.lower() in NOTHING:
        return None
    found = (
        _from_iso(text)
        or _with_slashes(text, days_first=days_first)
        or _with_month_names(text)
        or mail_date(text)
    )
    if found is None:
        raise Unreadable(f"“{text[:40]}” is not a date and time that can be read. Write 2026-11-20 14:03.")
    return _aware(found, zone)


def _aware(found: datetime, zone: str) -> datetime:
    return sensible(found).replace(tzinfo=found.tzinfo or ZoneInfo(zone)).astimezone(UTC)


def sensible(found: datetime) -> datetime:
    """The same; Unreadable for a year that nobody lives in."""
    if not is_plausible(found):
        raise Unreadable(f"The year {found.year} cannot be right. Give one between 1600 and 2200.")
    return found


def _since_1970(number: float) -> datetime:
    found = epoch(number) if number > 0 else None
    if found is None:
        raise Unreadable(f"{str(number)[:40]} is not a moment in seconds since 1970.")
    return _aware(found, "UTC")


def _from_iso(text: str) -> datetime | None:
    if not text[:4].isdigit():
        return None
    for name in ("UTC", "GMT"):
        if text.endswith(name):
            text = f"{text.removesuffix(name).rstrip()}+00:00"
    return iso_datetime(re.sub(r"(?<=[ T])(\d)(?=:)", r"0\1", text.replace("/", "-")))


def _with_slashes(text: str, *, days_first: bool) -> datetime | None:
    found = re.fullmatch(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?:[ ,T]+(\d{1,2}):(\d\d)(?::(\d\d))?)?", text)
    if not found:
        return None
    one, two = int(found[1]), int(found[3])
    day_leads = found[2] == "." or days_first or one > 12
    day, month = (one, two) if day_leads and two <= 12 else (two, one)
    hour, minute, second = (int(part or 0) for part in found.groups()[4:])
    try:
        return datetime(int(found[4]), month, day, hour, minute, second)  # noqa: DTZ001 - zoned by the caller
    except ValueError:
        return None


def _with_month_names(text: str) -> datetime | None:
    cleaned = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text)
    for pattern in (day + clock for day in MONTHS_FIRST for clock in CLOCKS):
        try:
            return datetime.strptime(cleaned, pattern)  # noqa: DTZ007 - zoned by the caller
        except ValueError:
            continue
    return None


@contextmanager
def unreadable_row() -> Iterator[None]:
    """Whatever a file holds, reading a row of it fails as Unreadable and in no other way."""
    try:
        yield
    except (ValueError, TypeError, ArithmeticError, LookupError, RecursionError, AttributeError) as error:
        raise Unreadable("A value in it is of a kind that cannot be read.") from error


def span(value: Any) -> timedelta | None:
    """Minutes as a number, or "1h 58m", "13m 46s", "54 minutes", "2:05" (hours and minutes)."""
    try:
        return _span(value)
    except (OverflowError, ValueError) as error:
        raise Unreadable(f"“{str(value)[:40]}” is not a length of time that can be right.") from error


def _span(value: Any) -> timedelta | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return timedelta(minutes=value)
    text = " ".join(_short(value, "length of time").lower().split())
    if text in NOTHING:
        return None
    if _MINUTES.fullmatch(text):
        return timedelta(minutes=float(text))
    if clock := _CLOCK.fullmatch(text):
        return timedelta(hours=int(clock[1]), minutes=int(clock[2]), seconds=int(clock[3] or 0))
    units = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
    parts = _AMOUNT.findall(text)
    if not parts:
        raise Unreadable(f"“{text[:40]}” is not a length of time that can be read. Write minutes, or 1h 58m.")
    return sum((timedelta(**{units[unit]: float(amount)}) for amount, unit in parts), timedelta())


def rank(value: Any, names: dict[str, int]) -> int:
    """The rank that a severity's text means: by the organisation's names {lower name: rank}, P1 or words."""
    text = _short(value, "severity").lower()
    squeezed = re.sub(r"[\s_\-]+", "", text)
    if squeezed in names:
        return names[squeezed]
    if text in GRAVITY:
        return GRAVITY[text]
    number = re.fullmatch(r"(?:sev|severity|p|priority|s|level)?([1-9])", squeezed)
    if number:
        return int(number[1])
    raise Unreadable(
        f"“{str(value).strip()[:40]}” is not a severity here. Use one of {', '.join(names).upper()}."
    )


def _short(value: Any, kind: str) -> str:
    """The value as text; Unreadable for one so long that no pattern should look at it."""
    text = str(value).strip()
    if len(text) > LONGEST:
        raise Unreadable(f"“{text[:40]}…” is not a {kind} that can be right.")
    return text


def words(values: list[Any]) -> list[str]:
    """Every word or name of several lists and comma-separated texts, once."""
    found: dict[str, None] = {}
    for value in values:
        parts = value if isinstance(value, list) else re.split(r"[,;]", str(value))
        found |= dict.fromkeys(" ".join(str(part).split()) for part in parts)
    return [word for word in found if word and word.lower() not in NOTHING]
