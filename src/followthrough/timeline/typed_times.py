"""When a line of the timeline happened: from what was typed to an instant, and back to `+8 min`.

A bare clock time belongs to the day on which it lies within the incident: from three hours before its start
to an hour after its end. Where there are several such days, the one nearest to the entry before it is meant (the
incident's start for the first one); where there is none, the day nearest to the incident. After an entry that itself
lies outside, it is the day nearest to that. In the hour that clocks show twice the pass nearest to the entry before
is meant; in the hour they skip, the same span after the skip.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from followthrough.core.times import is_plausible
from followthrough.core.timestamps import CalendarDay, RelativeDay, Stamp, read_stamp
from followthrough.core.typed_zones import instants

_BEFORE_START = timedelta(hours=3)
_AFTER_END = timedelta(hours=1)
_DAY = timedelta(days=1)
_UNITS = ("weeks", "days", "hours", "minutes", "over", "seconds")

_OFFSET = re.compile(
    r"""\s*(?P<said>[Tt]?(?P<sign>[+−–-])(?=\d)
        (?:(?P<weeks>\d{1,3})\s?w(?:eeks?|ks?)?(?![a-z])\s?)?
        (?:(?P<days>\d{1,4})\s?d(?:ays?)?(?![a-z])\s?)?
        (?:(?P<hours>\d{1,4})\s?h(?:ours?|rs?)?(?![a-z])\s?)?
        (?:(?P<minutes>\d{1,5})\s?m(?:in(?:ute)?s?)?(?![a-z])\s?
          |(?:(?<=h)|(?<=h\s))(?P<over>[0-5]\d)(?![\w:.,%]))?
        (?:(?P<seconds>\d{1,5})\s?s(?:ec(?:ond)?s?)?(?![a-z]))?
        (?<![+−–-]))(?=$|[\s,;:|\])–—-])
        \s*(?:[-–—|,;:](?=\s|$))?\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Line:
    """A typed line: its words, its UTC instant if it named one, the zone it was written in, the part
    of it that named the time ("" if none did), and whether that was a day without a time."""

    text: str
    happened_at: datetime | None
    zone: str
    said: str
    whole_day: bool = False


def read_line(
    text: str,
    *,
    start: datetime,
    zone: ZoneInfo,
    previous: datetime | None,
    today: date,
    end: datetime | None = None,
    days: bool = False,
) -> Line:
    """`14:11 alert fired` as its time and words.

    `start`, `previous` and `end` are aware; `zone` is what bare times are in; `today` is the writer's, from which
    `yesterday` counts. With `days`, for events told in days, a date alone is a time too: at the clock time of
    the start, so that it reads `+3 d`.
    """
    plain = Line(text.strip(), None, zone.key, "")
    if found := _OFFSET.match(text):
        moment = start.astimezone(UTC) + _written_offset(found, start, zone, days=days)
        is_days = days and not any(found[unit] for unit in _UNITS[2:])
        return Line(text[found.end() :].strip(), moment, zone.key, found["said"].strip(), whole_day=is_days)
    stamp = read_stamp(text)
    if stamp is None or not (stamp.clock or days):
        return plain
    stamp = _said_on(stamp, today)
    happened_at = place(stamp, start=start, zone=zone, near=previous or start, end=end)
    if happened_at is None or (stamp.loose and time_outside(happened_at, start=start, end=end)):
        return plain
    name = stamp.zone.name if stamp.zone else zone.key
    return Line(stamp.noted(stamp.rest), happened_at, name, stamp.said, whole_day=stamp.clock is None)


def _said_on(stamp: Stamp, today: date) -> Stamp:
    """With the date that `yesterday` is when it is said on `today`."""
    if not isinstance(stamp.day, RelativeDay):
        return stamp
    day = today + timedelta(days=stamp.day.days)
    return replace(stamp, day=CalendarDay(day.year, day.month, day.day))


def time_outside(instant: datetime, *, start: datetime, end: datetime | None) -> timedelta:
    """How far an instant lies from the incident, with three hours before it and one after; none if it does not."""
    early = start - _BEFORE_START - instant
    late = instant - end - _AFTER_END if end else timedelta()
    return max(early, late, timedelta())


def _written_offset(found: re.Match[str], start: datetime, zone: ZoneInfo, *, days: bool) -> timedelta:
    """The span from the start; for events told in days, a day is as long as the calendar's."""
    count = {unit: int(found[unit] or 0) for unit in _UNITS}
    sign = 1 if found["sign"] == "+" else -1
    clock = timedelta(
        hours=count["hours"], minutes=count["minutes"] + count["over"], seconds=count["seconds"]
    )
    whole_days = timedelta(weeks=count["weeks"], days=count["days"])
    if days:
        local = start.astimezone(zone) + sign * whole_days
        return instants(local.date(), local.time(), zone)[0] - start + sign * clock
    return sign * (whole_days + clock)


def place(
    stamp: Stamp, *, start: datetime, zone: tzinfo, near: datetime, end: datetime | None = None
) -> datetime | None:
    """The UTC instant a stamp most likely means; None for a date that no year nearby has."""

    astray = bool(time_outside(near, start=start, end=end))

    def strangeness(instant: datetime) -> tuple[timedelta, timedelta, float]:
        away = timedelta() if astray else time_outside(instant, start=start, end=end)
        return away, abs(instant - near), -instant.timestamp()

    return min(candidates(stamp, start, zone, near), key=strangeness, default=None)


def candidates(stamp: Stamp, start: datetime, zone: tzinfo, near: datetime) -> list[datetime]:
    """The instants that a stamp may mean: on each day that it may name, or on those around `near`."""
    rule = stamp.zone.rule if stamp.zone else zone
    first = start.astimezone(rule)
    today = near.astimezone(rule).date()
    days = stamp.day.near(first.date()) if stamp.day else [today - _DAY, today, today + _DAY]
    return [
        instant
        for day in days
        if is_plausible(day)
        for instant in instants(day, stamp.clock or first.time(), rule)
    ]


def format_length(length: timedelta, *, days: bool = False) -> str:
    """`8 min`, `1 h 05`, `3 d 4 h`, `40 s`: whole minutes, rounded down; with `days`, whole days, rounded."""
    if days:
        return f"{round(abs(length) / _DAY)} d"
    seconds = int(abs(length).total_seconds())
    if 0 < seconds < 60:
        return f"{seconds} s"
    whole_days, minutes = divmod(seconds // 60, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{whole_days} d"] if whole_days else []
    if hours:
        parts.append(f"{hours} h {minutes:02}" if minutes else f"{hours} h")
    elif minutes or not whole_days:
        parts.append(f"{minutes} min")
    return " ".join(parts)


def format_offset(delta: timedelta, *, days: bool = False) -> str:
    """How far from the start: `+8 min`, `−22 min`, `+1 h 05`, `+3 d`, `start`. `read_line` reads
    all but `start` back."""
    length = format_length(delta, days=days)
    if length in {"0 min", "0 d"}:
        return "start"
    return f"{'−' if delta < timedelta() else '+'}{length}"
