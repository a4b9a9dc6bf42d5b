"""Times as written at the head of a line: `14:11`, `[2:11 pm]`, `23 Nov 14:11 CET`, `~14:20–14:25`, `2026-11-23T14:11:30Z`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import time

from followthrough.core.typed_clocks import Clock, read_clock
from followthrough.core.typed_dates import CalendarDay, Day, NumericDay, RelativeDay, Weekday, read_day
from followthrough.core.typed_zones import Zone, read_zone

__all__ = ["CalendarDay", "Day", "NumericDay", "RelativeDay", "Stamp", "Weekday", "looks_timed", "read_stamp"]

_LEAD = re.compile(r"\s*(?:[*•·+-]\s+)?(?P<bracket>[\[(]\s*)?")
_ABOUT = re.compile(
    r"(?:[~≈∼]|(?i:about|around|approx(?:imately)?\.?|roughly|circa|ca\.|c\.|etwa|gegen)\s)\s*"
)
_AT = re.compile(
    r"(?i:at|from|since|between|um|ab|seit|von|klo|kl\.?)\s+(?=[\d~≈∼]|noon|mid|(?:about|around|circa|ca)\b)"
)
_JOIN = re.compile(r"T(?=\d)|:(?=\d\d:)|,?\s+(?:at\s+|@\s+|um\s+|klo\s+|kl\.?\s+)?|")
_YEAR_AFTER = re.compile(r"\s+(?P<year>(?:19|20|21)\d\d)(?=[\s\]]|$)")
_DAY_AFTER = re.compile(r"\s*(?:,\s*|\(\s*|on\s+|\s)")
_TO = re.compile(r"\s?(?:[-–—→]|->|to\b|until\b|till\b|and\b|bis\b)\s?(?=\d|~)")
_ISH = re.compile(r"-?ish\b|\s?\?(?=\s|$)")
_CLOSING = re.compile(r"\s*[\])]")
_EDGE = re.compile(r"$|[\s,;|>)\]→–—-]|[:.](?!\d)")
_SEPARATOR = re.compile(r"\s*(?:(?:[-–—→|,;:.]|[-=]>)(?=\s|$)(?!\s*\d{1,2}:\d\d))?\s*")

_LOOKS_TIMED = re.compile(
    r"\s?(?:[*•·-]\s+)?[\[(<~]?(?:[\dxX?]{1,2}:[\dxX?]{1,2}(?![\w?])|(?:[01]\d|2[0-3])[0-5]\d\s|\d\d\.\d\d(?![\w.%])|\d{1,4}[-/.](?:\d\d|[A-Z][a-z]{2})[-/.]\d{2,4}"
    r"|(?i:yesterday|half past|quarter (?:past|to)|\d{1,3} ?(?:min(?:ute)?s?|h(?:ours?)?) later)\b)"
)


@dataclass(frozen=True)
class Stamp:
    """A time as written. `day` or `clock` may be missing, never both.

    `said` is what was written, `rest` the words after it, `halved` that am or pm was said, `loose` that it is a
    number which may be something else (`1420`), `about` that it was said to be near, `until` the end of a range.
    """

    said: str
    rest: str
    day: Day | None
    clock: time | None
    zone: Zone | None
    bracketed: bool
    halved: bool
    loose: bool = False
    about: bool = False
    until: str = ""

    def noted(self, words: str) -> str:
        """`words` with what the moment alone does not say: that it is near, and until when."""
        notes = ["about this time"] if self.about else []
        notes += [f"until {self.until}"] if self.until else []
        if not notes or not words:
            return words
        first, *others = words.split("\n")
        return "\n".join([f"{first} ({', '.join(notes)})", *others])


@dataclass
class _Head:
    """What was read so far, and where."""

    at: int
    day: Day | None = None
    clock: Clock | None = None
    zone: Zone | None = None
    about: bool = False
    announced: bool = False
    until: str = ""


def read_stamp(text: str) -> Stamp | None:
    """The time at the head of `text`; None where there is none or it cannot be (`25:71`)."""
    lead = _LEAD.match(text)
    begin = lead.end() if lead else 0
    head = _Head(begin)
    _read_moment(text, head)
    if head.day is None and head.clock is None:
        return None
    if head.clock is None and isinstance(head.day, Weekday):
        return None
    if head.clock:
        _read_until(text, head)
    said = text[begin : head.at].strip()
    bracketed = bool(lead and lead["bracket"])
    rest = _rest(text, head, bracketed=bracketed)
    if rest is None:
        return None
    clock = head.clock
    return Stamp(
        said,
        rest,
        head.day,
        clock.time if clock else None,
        head.zone,
        bracketed,
        halved=bool(clock and clock.halved),
        loose=bool(
            clock
            and clock.loose
            and not (head.day or head.zone or head.about or head.until or head.announced)
        ),
        about=head.about,
        until=head.until,
    )


def _read_moment(text: str, head: _Head) -> None:
    """A day, a clock time and a zone, of which the day may stand behind."""
    _read_about(text, head)
    begin = head.at
    head.day, head.at = read_day(text, head.at)
    after_day = head.at
    if head.day:
        joined = _JOIN.match(text, head.at)
        head.at = joined.end() if joined else head.at
        _read_about(text, head)
    head.clock = read_clock(text, head.at, expected=bool(head.day) or head.announced)
    if head.clock is None:
        head.at = after_day if head.day else begin
        return
    head.at = head.clock.end
    _read_zone(
        text, head, dated=head.day is not None and (head.clock.seconds or "T" in text[begin : head.at])
    )
    _read_day_after(text, head)


def _read_about(text: str, head: _Head) -> None:
    """A word that announces a clock time: `at`, or one that says it is near."""
    if about := _ABOUT.match(text, head.at):
        head.about, head.announced, head.at = True, True, about.end()
    if at := _AT.match(text, head.at):
        head.announced, head.at = True, at.end()
        if about := _ABOUT.match(text, head.at):
            head.about, head.at = True, about.end()


def _read_zone(text: str, head: _Head, *, dated: bool) -> None:
    if found := read_zone(text, head.at, dated=dated):
        head.zone, head.at = found


def _read_day_after(text: str, head: _Head) -> None:
    if head.day is None:
        before = _DAY_AFTER.match(text, head.at)
        day, end = read_day(text, before.end()) if before else (None, 0)
        if before and (isinstance(day, CalendarDay) or (isinstance(day, NumericDay) and day.year)):
            closing = _CLOSING.match(text, end) if "(" in before[0] else None
            head.day, head.at = day, closing.end() if closing else end
    elif isinstance(head.day, CalendarDay) and not head.day.year and head.clock and head.clock.seconds:
        year = _YEAR_AFTER.match(text, head.at)
        head.day = replace(head.day, year=int(year["year"])) if year else head.day
        head.at = year.end() if year else head.at


def _read_until(text: str, head: _Head) -> None:
    """The end of `14:20–14:25`; of `14:20-ish` that it is near."""
    if ish := _ISH.match(text, head.at):
        head.about, head.at = True, ish.end()
    if not (to := _TO.match(text, head.at)):
        return
    end = _Head(to.end())
    _read_moment(text, end)
    if end.clock and (head.announced or not end.clock.loose) and _EDGE.match(text, end.at):
        head.until, head.at = text[to.end() : end.at].strip().rstrip(")"), end.at
        head.zone = head.zone or end.zone


def _rest(text: str, head: _Head, *, bracketed: bool) -> str | None:
    """The words after a time; None if something else is grown together with it."""
    at = head.at
    if bracketed:
        closing = _CLOSING.match(text, at)
        if not closing:
            return None
        at = closing.end()
        if head.clock and not head.zone:
            _read_zone(text, closed := _Head(at), dated=False)
            head.zone, at = closed.zone, closed.at
    elif not _EDGE.match(text, at):
        return None
    separator = _SEPARATOR.match(text, at)
    return text[separator.end() if separator else at :].strip()


def looks_timed(line: str) -> bool:
    """Whether a line begins with what was meant as a time, though `read_stamp` cannot say which."""
    return bool(_LOOKS_TIMED.match(line))
