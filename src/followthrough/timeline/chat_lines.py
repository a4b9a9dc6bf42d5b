"""Chat logs pasted as lines: Slack's desktop copy, IRC, and lines that begin with their time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from followthrough.core.timestamps import Day, RelativeDay, looks_timed, read_stamp
from followthrough.timeline.chat_headings import (
    Opening,
    is_meeting_chat,
    meeting_opening,
    slack_opening,
    stamped_opening,
)
from followthrough.timeline.log_clock import LogClock
from followthrough.timeline.log_messages import Collection, Reading
from followthrough.timeline.timeline_statements import stated_day, stated_zone

_MAX_HEADING_CHARACTERS = 160
_DAY_RULE = re.compile(r"^[-—–─=*\s]+(?:Day changed\s+(?:to\s+)?)?|[-—–─=*\s]+$")
_COMING_AND_GOING = re.compile(
    r"(?:\*{1,3}|-!-|-->|<--|→|←)\s+\S.*\b(?:joins?|joined|left|parts?|parted|quits?|is now known as"
    r"|sets? mode|mode/\S+|changed the topic|set the topic)\b.*"
    r"|(?:has )?(?:joined|left) (?:#\S+|the channel)\.?(?: along with .*)?"
    r"|(?:was |were )?added to #\S+.*"
    r"|set the channel (?:topic|purpose|description).*"
    r"|Messages and calls are end-to-end encrypted.*",
    re.DOTALL,
)
_SECTION = re.compile(r"#{2,6}\s+\S")
_FURNITURE = re.compile(
    r"Today|Yesterday|New messages?|View thread|Edited|\d+ repl(?:y|ies)(?: .*)?|has context menu"
    r"|(?:like|heart|laugh|surprised|sad|angry|love|yes|no|ok|thumbs ?up|clap|eyes|check|:[\w+-]{1,40}:|[^\w\s]{1,4}) \d{1,4}"
    r"|\d{1,4} \w{1,20} reactions?\.?",
    re.IGNORECASE,
)

_NAME_ABOVE = {"Slack", "meeting chat"}


def read_lines(text: str, clock: LogClock) -> Reading:
    """The messages of a log pasted as text; shape "" if no line has a time."""
    lines = _numbered(text)
    if is_meeting_chat([line for _, line in lines]):
        return _read(lines, meeting_opening, "meeting chat", clock)
    with_slack_headings = list(_with_slack_headings(lines))
    in_slack, at_time = cache(slack_opening), cache(stamped_opening)
    slack = sum(1 for _, line in with_slack_headings if (one := in_slack(line)) and one.author)
    stamped = Counter(one.shape for _, line in lines if (one := at_time(line)) and (one.words or one.author))
    if slack and slack >= stamped.total():
        return _read(with_slack_headings, in_slack, "Slack", clock)
    shape = stamped.most_common(1)[0][0] if stamped else ""
    return _read(lines, at_time, shape, clock)


def _read(
    lines: list[tuple[int, str]], opening_of: Callable[[str], Opening | None], shape: str, clock: LogClock
) -> Reading:
    clock.settle_order(opening.stamp for _, line in lines if (opening := opening_of(line)))
    return _Reader(opening_of, clock).read(lines, shape)


def _numbered(text: str) -> list[tuple[int, str]]:
    """The lines, counted from 1, without the `>` of a quoted log."""
    lines = re.split(r"\r\n?|\n", text)
    quoted = sum(line.startswith(">") for line in lines) * 4 > sum(bool(line.strip()) for line in lines)
    return list(enumerate([re.sub(r"^> ?", "", line) for line in lines] if quoted else lines, 1))


def _with_slack_headings(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Joins a name and the time on the line below it, as newer Slacks copy them, to one heading."""
    before = ""
    rest = iter(range(len(lines)))
    for at in rest:
        number, line = lines[at]
        below = lines[at + 1][1] if at + 1 < len(lines) else ""
        if _is_name_above_time(before, line, below):
            line = f"{line.strip()}  {below.strip()}"
            next(rest)
        before = line
        yield number, line


def _is_name_above_time(before: str, line: str, below: str) -> bool:
    if not line.strip() or len(line) > 80 or len(below) > 40 or read_stamp(line):
        return False
    stamp = read_stamp(below)
    return bool(stamp and stamp.clock and not stamp.rest and (below[:1].isspace() or not before.strip()))


class _Reader:
    """Joins lines to messages: one that opens a message, and those that go on with it."""

    def __init__(self, opening_of: Callable[[str], Opening | None], clock: LogClock) -> None:
        self._opening_of = opening_of
        self._clock = clock
        self._found = Collection()
        self._open: tuple[int, Opening] | None = None
        self._body: list[str] = []
        self._author = ""

    def read(self, lines: Iterable[tuple[int, str]], shape: str) -> Reading:
        for number, line in lines:
            self._take(number, line)
        self._close()
        return self._found.reading(shape)

    def _take(self, number: int, line: str) -> None:
        opening = self._opening_of(line)
        if opening and (opening.author is not None or self._open):
            self._close()
            self._open, self._body = (number, opening), [opening.words]
        elif day := _day_heading(line):
            self._close()
            self._clock.turn_to(day)
        elif _SECTION.match(line):
            self._close()
            self._clock.start_anew()
            self._hear(line)
            self._found.skip(number, line, "a heading: another log begins")
        elif self._open is None and self._hear(line):
            pass
        elif _COMING_AND_GOING.fullmatch(line.strip()) and line.lstrip()[:1] in "*-<→←":
            self._found.skip(number, line, "someone came or went")
        elif _FURNITURE.fullmatch(line.strip()):
            self._found.skip(number, line, "put there by the chat program")
        elif self._is_badly_timed(line):
            self._close()
            self._found.skip(number, line, "its time was not understood")
        elif self._open:
            self._body.append(line.rstrip())
        elif line.strip():
            self._found.skip(number, line, "no time before it")

    def _hear(self, line: str) -> bool:
        """Whether a line says the zone of all times below, and perhaps their day."""
        zone, day = stated_zone(line), stated_day(line)
        if day and (zone or _SECTION.match(line)):
            self._clock.turn_to(day)
        self._clock.speak_in(zone)
        return zone is not None

    def _is_badly_timed(self, line: str) -> bool:
        """Whether a line begins with a time of its own that nobody could read; below a name, words are words."""
        return self._open is not None and self._open[1].words != "" and looks_timed(line)

    def _close(self) -> None:
        if not self._open:
            return
        number, opening = self._open
        self._open = None
        self._author = self._author if opening.author is None else opening.author
        words = opening.stamp.noted("\n".join(self._body).strip())
        moment = self._clock.read(opening.stamp, either_half=opening.shape == "Slack")
        if _COMING_AND_GOING.fullmatch(opening.stamp.rest) or _COMING_AND_GOING.fullmatch(words):
            self._found.skip(number, words, "someone came or went")
        else:
            self._found.add(moment, author=self._author, text=words, line=number)


def _day_heading(line: str) -> Day | None:
    """`Thursday, November 23rd` or `--- Day changed Thu Nov 23 2026`: a date and nothing else."""
    if len(line) > _MAX_HEADING_CHARACTERS:
        return None
    stamp = read_stamp(_DAY_RULE.sub("", line))
    whole = stamp and not stamp.rest and not stamp.clock
    return stamp.day if stamp and whole and not isinstance(stamp.day, RelativeDay) else None
