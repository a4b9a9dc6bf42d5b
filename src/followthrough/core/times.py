"""Moments that can be right, spans of time in words, and zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from followthrough.core.errors import DomainError

NOT_PLAUSIBLE = "This time cannot be right. Give a day and a time between the years 1600 and 2200."


def is_plausible(moment: date) -> bool:
    """Whether a day, or a moment with or without a zone, is in a year that records are of: 1600 to 2200."""
    return 1600 <= moment.year <= 2200


def require_plausible(moment: datetime, *, field: str) -> datetime:
    """In UTC. DomainError for one without a zone, or outside the years 1600 to 2200."""
    if moment.tzinfo is None or not is_plausible(moment):
        raise DomainError(NOT_PLAUSIBLE, field=field)
    return moment.astimezone(UTC)


def in_words(span: timedelta) -> str:
    """A span as people say it: "under a minute", "38 min", "2 h 05 min", "3 d 4 h"."""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest:02} min" if rest else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def calendar_days(start: datetime, end: datetime, zone: str) -> int:
    """Days between the dates of both on the clock of `zone`; below nought where `end` comes first."""
    return (local(end, zone).date() - local(start, zone).date()).days


def between(start: datetime, end: datetime, zone: str) -> str:
    """From one moment to another as people say it; from two days on in calendar days, which no clock change touches."""
    if abs(end - start) < timedelta(days=2):
        return in_words(end - start)
    return f"{abs(calendar_days(start, end, zone))} days"


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Every zone with a place in its name, and UTC, for a form's choices; read from disk once."""
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC")] + [(name, name.replace("_", " ")) for name in names]


def is_zone(name: str) -> bool:
    """Whether `name` is a zone's name, such as Europe/Berlin."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def local(moment: datetime, zone: str) -> datetime:
    """`moment` on the clock of `zone`."""
    return moment.astimezone(ZoneInfo(zone))


def in_full(moment: datetime, zone: str) -> str:
    """ "Thursday 26 November 2026, 15:00 (Europe/Warsaw)"."""
    there = local(moment, zone)
    return f"{there:%A} {there.day} {there:%B %Y}, {there:%H:%M} ({zone})"


def approximate_span(span: timedelta) -> str:
    """A span in its largest unit: "38 min", "9 h", "3 days"; from two days on in days."""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"


def day_in_words(moment: datetime, now: datetime) -> str:
    """The day of `moment` on the clock of both: "today", "tomorrow", "yesterday", "Thu 26 Nov", with the year
    where it is another one."""
    days = (moment.date() - now.date()).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
    return near or f"{moment:%a} {moment.day} {moment:%b}" + (
        f" {moment.year}" if moment.year != now.year else ""
    )
