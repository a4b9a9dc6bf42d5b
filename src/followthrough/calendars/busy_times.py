"""Busy times (free/busy) out of calendar files. Knows nothing of Django: it runs in the reader process."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar.cal import Component

from followthrough.calendars.calendar_files import calendars_in

MAX_SPANS = 20_000
_TOO_OFTEN = {"SECONDLY", "MINUTELY"}
"""Rules that repeat so often are no appointments; following them would take all the time there is."""

_TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})


class CalendarReading(NamedTuple):
    """`spans` are [start, end] in seconds since 1970; `unknown_zones` are named by events that may be among them, and
    nobody knows where they are; `unreadable` counts the events and files that could not be read."""

    spans: list[list[int]]
    unknown_zones: list[str]
    unreadable: int = 0


def busy_times(
    texts: Iterable[str],
    *,
    zone: str,
    start: datetime,
    end: datetime,
    mails: Collection[str] = (),
    own: Collection[str] = (),
) -> CalendarReading:
    """Merged spans of everything that keeps the person busy between the two moments.

    All-day and floating times are on the clock of `zone`, and those of zones that nobody knows. Left out: what is marked as free, cancelled or
    declined by one of `mails`, and events whose UID ends in one of `own`. NotACalendar if none of the texts can be read.
    """
    clock = ZoneInfo(zone)
    refused = {f"mailto:{mail}".lower() for mail in mails}
    found: list[tuple[int, int]] = []
    unknown: set[str] = set()
    calendars, unreadable = calendars_in(texts)
    for calendar in calendars:
        found += _free_busy(calendar)
        unreadable += _leave_out_unreadable(calendar)
        unknown |= _unknown_zones(calendar, start)
        occurrences, lost = _occurrences(calendar, start, end)
        unreadable += lost
        found += [_seconds(event, clock) for event in occurrences if _counts(event, refused, own)]
        if len(found) > MAX_SPANS:
            raise ValueError("too many events")
    spans = merged(found, int(start.timestamp()), int(end.timestamp()))
    return CalendarReading(spans, sorted(unknown), unreadable)


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


def _unknown_zones(calendar: Component, since: datetime) -> set[str]:
    """Of what begins after `since` or repeats; such a time was read without its zone."""
    names = set()
    for event in calendar.walk("VEVENT"):
        begins = getattr(event.get("DTSTART"), "dt", None)
        if isinstance(begins, datetime) and not begins.tzinfo:
            lies_ahead = "RRULE" in event or begins >= since.replace(tzinfo=None) - timedelta(days=1)
            names.add(str(event["DTSTART"].params.get("TZID", "")) if lies_ahead else "")
    return names - {""}


def _leave_out_unreadable(calendar: Component) -> int:
    """Takes out the events whose times make no sense; how many. Rules that repeat too often are taken out uncounted."""
    before = calendar.subcomponents
    readable = [part for part in before if part.name != "VEVENT" or _has_times(part)]
    calendar.subcomponents = [part for part in readable if not _repeats_too_often(part)]
    return len(before) - len(readable)


def _has_times(event: Component) -> bool:
    if _TIMES & {name for name, _ in event.errors} or not hasattr(event.get("DTSTART"), "dt"):
        return False
    return all(rule.get("FREQ") and min(rule.get("INTERVAL", [1])) > 0 for rule in _rules(event))


def _rules(part: Component) -> list[Any]:
    rules = part.get("RRULE", [])
    return [rule for rule in ([rules] if isinstance(rules, dict) else rules) if rule]


def _occurrences(calendar: Component, start: datetime, end: datetime) -> tuple[list[Any], int]:
    """What happens between the two moments, and how many series could not be followed."""
    try:
        return _expanded(calendar, start, end), 0
    except Exception:  # noqa: BLE001 - one series that the library trips over must not hide the others
        return _by_series(calendar, start, end)


def _expanded(calendar: Component, start: datetime, end: datetime) -> list[Any]:
    return list(recurring_ical_events.of(calendar, skip_bad_series=False).between(start, end))


def _by_series(calendar: Component, start: datetime, end: datetime) -> tuple[list[Any], int]:
    series: dict[str, list[Component]] = {}
    for event in calendar.walk("VEVENT"):
        series.setdefault(str(event.get("UID", id(event))), []).append(event)
    found: list[Any] = []
    lost = 0
    for events in series.values():
        calendar.subcomponents = list(events)
        try:
            found += _expanded(calendar, start, end)
        except Exception:  # noqa: BLE001 - see above
            lost += 1
    return found, lost


def _repeats_too_often(part: Component) -> bool:
    return any(_TOO_OFTEN & {str(value) for value in rule.get("FREQ", [])} for rule in _rules(part))


def _counts(event: Component, refused: Collection[str], own: Collection[str]) -> bool:
    if str(event.get("TRANSP", "OPAQUE")).upper() == "TRANSPARENT":
        return False
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return False
    if str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "BUSY")).upper() in {"FREE", "WORKINGELSEWHERE"}:
        return False
    if str(event.get("UID", "")).endswith(tuple(own)):
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


def _seconds(event: Any, clock: ZoneInfo) -> tuple[int, int]:
    start, end = _moment(event.start, clock), _moment(event.end, clock)
    if end <= start and _is_all_day(event):
        end = _moment((start + timedelta(days=1)).date(), clock)
    return int(start.timestamp()), int(end.timestamp())


def _is_all_day(event: Any) -> bool:
    said = str(event.get("X-MICROSOFT-CDO-ALLDAYEVENT", "")).upper() == "TRUE"
    return said or not isinstance(event.start, datetime)


def _moment(value: date | datetime, clock: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), clock)
    return value if value.tzinfo else value.replace(tzinfo=clock)
