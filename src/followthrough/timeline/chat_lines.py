"""Chat logs pasted as lines: Slack's desktop copy, IRC, and lines that begin with their time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from followthrough.timeline.log_messages import Collection, Reading
from followthrough.timeline.timestamps import CalendarDay, Stamp, read_stamp
from followthrough.timeline.typed_times import LogClock

_MAX_HEADING_CHARACTERS = 160
_SLACK_HEADING = re.compile(r"(?P<name>[^\s>].{0,79})(?:\s{2,}|\s*\[)(?P<time>[^\[\]]{3,40})\]?")
_NICK = re.compile(r"<\s?[@+%&~]?(?P<name>[^<>\s][^<>]{0,40})>\s*")
_ME = re.compile(r"\*\s+(?P<name>\S{1,40})\s+")
_SPEAKER = re.compile(r"(?P<name>[^\s:<>\[\]][^:<>\[\]]{0,39}):\s+")
_DAY_RULE = re.compile(r"^[-—–─=*\s]+(?:Day changed\s+(?:to\s+)?)?|[-—–─=*\s]+$")
_COMING_AND_GOING = re.compile(
    r"(?:\*{1,3}|-!-|-->|<--|→|←)\s+\S.*\b(?:joins?|joined|left|parts?|parted|quits?|is now known as"
    r"|sets? mode|mode/\S+|changed the topic|set the topic)\b.*"
    r"|(?:has )?(?:joined|left) (?:#\S+|the channel)\.?(?: along with .*)?"
    r"|(?:was |were )?added to #\S+.*"
    r"|set the channel (?:topic|purpose|description).*",
    re.DOTALL,
)
_SECTION = re.compile(r"#{2,6}\s+\S")
_FURNITURE = re.compile(r"Today|Yesterday|New messages?|View thread|\d+ repl(?:y|ies)(?: .*)?")


@dataclass(frozen=True)
class _Opening:
    """The line that begins a message. `author` None: the one who spoke last."""

    stamp: Stamp
    author: str | None
    words: str
    shape: str


def read_lines(text: str, clock: LogClock) -> Reading:
    """The messages of a log pasted as text; shape "" if no line has a time."""
    lines = _numbered(text)
    with_slack_headings = list(_with_slack_headings(lines))
    slack = sum(1 for _, line in with_slack_headings if (one := _slack_opening(line)) and one.author)
    stamped = Counter(one.shape for _, line in lines if (one := _stamped_opening(line)) and one.words)
    if slack and slack >= stamped.total():
        return _Reader(_slack_opening, clock).read(with_slack_headings, "Slack")
    shape = stamped.most_common(1)[0][0] if stamped else ""
    return _Reader(_stamped_opening, clock).read(lines, shape)


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


def _slack_opening(line: str) -> _Opening | None:
    """`Sana K  2:11 PM`, `sana [2:11 PM]`, or the time alone when the same person goes on."""
    line = re.sub(r"\s{3,}", "  ", line.strip())
    if len(line) > _MAX_HEADING_CHARACTERS:
        return None
    heading = _SLACK_HEADING.fullmatch(line)
    stamp = read_stamp(heading["time"] if heading else line)
    if not stamp or not stamp.clock or stamp.rest:
        return None
    return _Opening(stamp, heading["name"] if heading else None, "", "Slack")


def _stamped_opening(line: str) -> _Opening | None:
    """A line that begins with its time. A `name:` counts as one only where the time is in brackets or has a
    date: in `14:11 deploy: done` it may be anything."""
    stamp = read_stamp(line)
    if not stamp or not stamp.clock:
        return None
    for pattern, shape in ((_NICK, "IRC"), (_ME, "IRC"), (_SPEAKER, "name: text")):
        said_by = pattern.match(stamp.rest)
        if said_by and (shape == "IRC" or stamp.bracketed or stamp.day):
            return _Opening(stamp, said_by["name"], stamp.rest[said_by.end() :], shape)
    return _Opening(stamp, "", stamp.rest, "plain lines")


class _Reader:
    """Joins lines to messages: one that opens a message, and those that go on with it."""

    def __init__(self, opening_of: Callable[[str], _Opening | None], clock: LogClock) -> None:
        self._opening_of = opening_of
        self._clock = clock
        self._found = Collection()
        self._open: tuple[int, _Opening] | None = None
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
            self._found.skip(number, line, "a heading: another log begins")
        elif _COMING_AND_GOING.fullmatch(line.strip()) and line.lstrip()[:1] in "*-<→←":
            self._found.skip(number, line, "someone came or went")
        elif _FURNITURE.fullmatch(line.strip()):
            self._found.skip(number, line, "put there by the chat program")
        elif self._open:
            self._body.append(line.rstrip())
        elif line.strip():
            self._found.skip(number, line, "no time before it")

    def _close(self) -> None:
        if not self._open:
            return
        number, opening = self._open
        self._open = None
        self._author = self._author if opening.author is None else opening.author
        words = "\n".join(self._body).strip()
        moment = self._clock.read(opening.stamp, either_half=opening.shape == "Slack")
        if _COMING_AND_GOING.fullmatch(opening.stamp.rest) or _COMING_AND_GOING.fullmatch(words):
            self._found.skip(number, words, "someone came or went")
        else:
            self._found.add(moment, author=self._author, text=words, line=number)


def _day_heading(line: str) -> CalendarDay | None:
    """`Thursday, November 23rd` or `--- Day changed Thu Nov 23 2026`: a date and nothing else."""
    if len(line) > _MAX_HEADING_CHARACTERS:
        return None
    stamp = read_stamp(_DAY_RULE.sub("", line))
    whole = stamp and not stamp.rest and not stamp.clock
    return stamp.day if stamp and whole and isinstance(stamp.day, CalendarDay) else None
