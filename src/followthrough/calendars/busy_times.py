"""Busy times (free/busy) out of calendar files. Knows nothing of Django: it runs in the reader process."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar
from icalendar.cal import Component

from followthrough.calendars.zone_names import with_known_zones

MAX_SPANS = 20_000
_TOO_OFTEN = {"SECONDLY", "MINUTELY"}
"""Rules that repeat so often are no appointments; following them would take all the time there is."""

_UTC_OF_EXCHANGE = '"tzone://Microsoft/Utc"'


class CalendarReading(NamedTuple):
    """`spans` are [start, end] in seconds since 1970; `unknown_zones` are named by events that may be among them, and
    nobody knows where they are."""

    spans: list[list[int]]
    unknown_zones: list[str]


def busy_times(
    texts: Iterable[str],
    *,
    zone: str,
    start: datetime,
    end: datetime,
    mails: Collection[str] = (),
    own: str = "",
) -> CalendarReading:
    """Merged spans of everything that keeps the person busy between the two moments.

    All-day and floating times are on the clock of `zone`, and those of zones that nobody knows. Left out: what is marked as free, cancelled or
    declined by one of `mails`, and events whose UID ends in `own`. ValueError if a text is no calendar.
    """
    clock = ZoneInfo(zone)
    refused = {f"mailto:{mail}".lower() for mail in mails}
    found: list[tuple[int, int]] = []
    unknown: set[str] = set()
    for text in texts:
        for calendar in _calendars(text):
            found += _free_busy(calendar)
            unknown |= _unknown_zones(calendar, start)
            for event in _occurrences(calendar, start, end):
                if _counts(event, refused, own):
                    found.append(_seconds(event.start, event.end, clock))
            if len(found) > MAX_SPANS:
                raise ValueError("too many events")
    return CalendarReading(merged(found, int(start.timestamp()), int(end.timestamp())), sorted(unknown))


def merged(spans: Iterable[tuple[int, int]], since: int, until: int) -> list[list[int]]:
    """The spans in order, cut to the time between, those that touch made one."""
    rows: list[list[int]] = []
    for begin, end in sorted((max(begin, since), min(end, until)) for begin, end in spans):
        if end <= begin:
            continue
        if rows and begin <= rows[-1][1]:
            rows[-1][1] = max(rows[-1][1], end)
        else:
            rows.append([begin, end])
    return rows


def _calendars(text: str) -> list[Component]:
    calendars: list[Component] = [
        one
        for one in Calendar.from_ical(with_known_zones(text.replace(_UTC_OF_EXCHANGE, "UTC")), multiple=True)
        if one.name == "VCALENDAR"
    ]
    if not calendars:
        raise ValueError("not a calendar")
    return calendars


def _unknown_zones(calendar: Component, since: datetime) -> set[str]:
    """Of what begins after `since` or repeats; such a time was read without its zone."""
    names = set()
    for event in calendar.walk("VEVENT"):
        begins = getattr(event.get("DTSTART"), "dt", None)
        if isinstance(begins, datetime) and not begins.tzinfo:
            lies_ahead = "RRULE" in event or begins >= since.replace(tzinfo=None) - timedelta(days=1)
            names.add(str(event["DTSTART"].params.get("TZID", "")) if lies_ahead else "")
    return names - {""}


def _occurrences(calendar: Component, start: datetime, end: datetime) -> Iterator[Any]:
    calendar.subcomponents = [part for part in calendar.subcomponents if not _repeats_too_often(part)]
    yield from recurring_ical_events.of(calendar, skip_bad_series=True).between(start, end)


def _repeats_too_often(part: Component) -> bool:
    rules = part.get("RRULE", [])
    every = [rules] if isinstance(rules, dict) else rules
    return any(_TOO_OFTEN & {str(value) for value in rule.get("FREQ", [])} for rule in every)


def _counts(event: Component, refused: Collection[str], own: str) -> bool:
    if str(event.get("TRANSP", "OPAQUE")).upper() == "TRANSPARENT":
        return False
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return False
    if str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "BUSY")).upper() in {"FREE", "WORKINGELSEWHERE"}:
        return False
    if own and str(event.get("UID", "")).endswith(own):
        return False
    attendees = event.get("ATTENDEE", [])
    for attendee in attendees if isinstance(attendees, list) else [attendees]:
        said = str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper()
        if said == "DECLINED" and str(attendee).lower() in refused:
            return False
    return True


def _free_busy(calendar: Component) -> Iterator[tuple[int, int]]:
    for part in calendar.walk("VFREEBUSY"):
        lines = part.get("FREEBUSY", [])
        for line in lines if isinstance(lines, list) else [lines]:
            if str(line.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                yield int(line.start.timestamp()), int(line.end.timestamp())


def _seconds(start: date | datetime, end: date | datetime, clock: ZoneInfo) -> tuple[int, int]:
    return int(_moment(start, clock).timestamp()), int(_moment(end, clock).timestamp())


def _moment(value: date | datetime, clock: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), clock)
    return value if value.tzinfo else value.replace(tzinfo=clock)
