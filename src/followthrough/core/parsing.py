"""Parsing of untrusted values: numbers, URLs and dates that somebody else wrote.

Each gives None for what cannot be one, whatever it is, and looks at no more than the longest that makes sense.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import SplitResult, urlsplit

MOST_DIGITS = 18
"""More would not fit a column of a database."""
_LONGEST_URL = 2_000
_LONGEST_DATE = 64
_MILLISECONDS_FROM = 1e11
"""As seconds it would be the year 5138."""
_NANOSECONDS_TO = 1e20
_UNREADABLE = (ValueError, TypeError, ArithmeticError, LookupError, OSError)


def whole_number(text: str) -> int | None:
    """A number of 1 to 18 digits 0–9, without sign; other scripts' digits and superscripts are none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def split_url(text: str) -> SplitResult | None:
    """The parts of an address whose host and port can be read."""
    if len(text) > _LONGEST_URL:
        return None
    try:
        parts = urlsplit(text)
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts


def host_of(text: str) -> str:
    """Host and port of an address; "" where there is none."""
    parts = split_url(text)
    return parts.netloc if parts else ""


def iso_datetime(text: str) -> datetime | None:
    """ISO 8601, with or without a zone."""
    try:
        return datetime.fromisoformat(text) if len(text) <= _LONGEST_DATE else None
    except _UNREADABLE:
        return None


def iso_date(text: str) -> date | None:
    """ISO 8601 without a time of day."""
    try:
        return date.fromisoformat(text) if len(text) <= _LONGEST_DATE else None
    except _UNREADABLE:
        return None


def epoch(number: float) -> datetime | None:
    """Seconds since 1970 in UTC, or milli-, micro- or nanoseconds, as their size tells."""
    try:
        while _MILLISECONDS_FROM < number < _NANOSECONDS_TO:
            number /= 1000
        return datetime.fromtimestamp(number, UTC)
    except _UNREADABLE:
        return None
