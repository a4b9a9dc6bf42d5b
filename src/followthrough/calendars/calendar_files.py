"""Calendar files (iCalendar) as other programs write them. Knows nothing of Django: it runs in the reader process."""

from __future__ import annotations

import re
from collections.abc import Iterable

from icalendar import Calendar
from icalendar.cal import Component

from followthrough.calendars.zone_names import with_known_zones

_UTC_OF_EXCHANGE = '"tzone://Microsoft/Utc"'
_PART = re.compile(r"^BEGIN:(VEVENT|VFREEBUSY)\s*$.*?^END:\1\s*$", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_MOST_PARTS_ALONE = 5_000
"""More are not tried one by one."""


class NotACalendar(ValueError):
    """Says in words what is there instead."""


def calendars_in(texts: Iterable[str]) -> tuple[list[Component], int]:
    """The calendars of all texts, and how many files or events among them could not be read.

    NotACalendar if there are texts and not one can be read.
    """
    calendars: list[Component] = []
    unreadable, refusal = 0, None
    for text in texts:
        try:
            found, lost = _calendars(text)
        except NotACalendar as error:
            unreadable, refusal = unreadable + 1, refusal or error
        else:
            calendars += found
            unreadable += lost
    if refusal and not calendars:
        raise refusal
    return calendars, unreadable


def _calendars(text: str) -> tuple[list[Component], int]:
    text = _tidied(text)
    _refuse_unless_complete(text)
    try:
        return _parsed(text), 0
    except (ValueError, LookupError, AttributeError):
        return _part_by_part(text)


def _tidied(text: str) -> str:
    """Without a byte order mark, also one that was read in another encoding."""
    return with_known_zones(text.lstrip("\ufeffï»¿\0 \t\r\n").replace(_UTC_OF_EXCHANGE, "UTC"))


def _refuse_unless_complete(text: str) -> None:
    start = text[:500].lower()
    if not start.strip():
        raise NotACalendar("The server answered with nothing at all, not with a calendar.")
    if "begin:vcalendar" not in start:
        is_page = re.match(r"\s*<(!doctype html|html|head|body|\?xml|!--)", start)
        what = "a web page, not a calendar. It may ask you to sign in; copy the secret address again"
        raise NotACalendar(f"What is there is {what if is_page else 'not a calendar'}.")
    if not text.rstrip().lower().endswith("end:vcalendar"):
        raise NotACalendar("The calendar ends in the middle: it was cut short on its way.")


def _parsed(text: str) -> list[Component]:
    found: list[Component] = [
        one for one in Calendar.from_ical(text, multiple=True) if one.name == "VCALENDAR"
    ]
    if not found:
        raise ValueError("no calendar is complete")
    return found


def _part_by_part(text: str) -> tuple[list[Component], int]:
    """Every event for itself, where the file as a whole is not well formed."""
    parts = [match[0] for match in _PART.finditer(text)][:_MOST_PARTS_ALONE]
    head = "\r\n".join(re.findall(r"^BEGIN:VTIMEZONE.*?^END:VTIMEZONE", text, re.MULTILINE | re.DOTALL))
    alone: list[Component] = []
    lost = 0
    for part in parts:
        try:
            alone += _parsed(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}\r\n{part}\r\nEND:VCALENDAR\r\n")
        except (ValueError, LookupError, AttributeError):
            lost += 1
    if not alone:
        raise NotACalendar("What is there could not be read as a calendar.")
    return _joined(alone), lost


def _joined(calendars: list[Component]) -> list[Component]:
    """One calendar of all, so that a series and its exceptions stay together."""
    first, *others = calendars
    for other in others:
        first.subcomponents += [part for part in other.subcomponents if part.name != "VTIMEZONE"]
    return [first]
