"""The lines with which messages begin in pasted chats: who spoke, when, and perhaps the first words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from followthrough.core.timestamps import Stamp, read_stamp
from followthrough.timeline.machine_log import read_machine_line

_MAX_HEADING_CHARACTERS = 160
_SEPARATORS = re.compile(r"\s{2,}|\s*,?\s*\[|\s+[—–•|]\s+|,\s+|\s+(?=\d)")
_MOST_SEPARATORS = 5
_NAME = re.compile(
    r"@?[^\W\d_][\w.'’-]*(?: (?:[A-Z(][\w.'’)-]*|van|von|de|der|den|da|di|la|le|el|al|bin)){0,4}"
)
_NICK = re.compile(r"<\s?[@+%&~]?(?P<name>[^<>\s][^<>]{0,40})>\s*")
_ME = re.compile(r"\*\s+(?P<name>\S{1,40})\s+")
_ZOOM = re.compile(
    r"From\s{1,5}(?P<name>[^\W\d_][^:\s]{0,30}(?: [^:\s]{1,30}){0,4}?)(?: {1,3}(?i:to) {1,3}[^:\s][^:]{0,60})?\s{0,3}:\s{0,5}"
)
_SPEAKER = re.compile(r"(?P<name>[^\s:<>\[\]][^:<>\[\]]{0,39}):(?:\s+|(?=[^\s/\d:]))")
_PATTERNS = ((_NICK, "IRC"), (_ME, "IRC"), (_ZOOM, "name: text"), (_SPEAKER, "name: text"))


@dataclass(frozen=True)
class Opening:
    """The line that begins a message. `author` None: the one who spoke last."""

    stamp: Stamp
    author: str | None
    words: str
    shape: str


def slack_opening(line: str) -> Opening | None:
    """`Sana K  2:11 PM`, `sana [2:11 PM]`, `sana — Today at 2:11 PM`, or the time alone when the same person goes on."""
    line = re.sub(r"\s{3,}", "  ", line.strip())
    if len(line) > _MAX_HEADING_CHARACTERS:
        return None
    for at, separator in enumerate(_SEPARATORS.finditer(line)):
        if at == _MOST_SEPARATORS:
            break
        name, said = line[: separator.start()], line[separator.end() :].removesuffix("]")
        stamp = _whole(said) if 3 <= len(said) <= 40 else None
        if stamp and _is_heading(name, separator[0], stamp):
            return Opening(stamp, name, "", "Slack")
    stamp = _whole(line)
    return Opening(stamp, None, "", "Slack") if stamp else None


def _whole(said: str) -> Stamp | None:
    """The time that a text says and nothing else."""
    stamp = read_stamp(said)
    return stamp if stamp and stamp.clock and not stamp.rest and not stamp.loose else None


def _is_heading(name: str, separator: str, stamp: Stamp) -> bool:
    """A name and its time; a sentence that ends with a time is none."""
    if not name or name.startswith(">") or read_stamp(name):
        return False
    if "[" in separator or (separator.isspace() and len(separator) > 1):
        return True
    if not _NAME.fullmatch(name.strip()):
        return False
    wanted_words = 1 if separator.strip() else 2
    return bool(stamp.halved or stamp.day) and len(name.split()) >= wanted_words


def stamped_opening(line: str) -> Opening | None:
    """A line that begins with its time. A `name:` counts as one only where the time is in brackets or has a
    date: in `14:11 deploy: done` it may be anything."""
    stamp = read_stamp(line)
    if not stamp or not stamp.clock:
        stamp = read_machine_line(line)
        return Opening(stamp, "", stamp.rest, "program log") if stamp else None
    for pattern, shape in _PATTERNS:
        said_by = pattern.match(stamp.rest)
        if said_by and (pattern is not _SPEAKER or stamp.bracketed or _is_of_a_phone(stamp)):
            return Opening(stamp, said_by["name"], stamp.rest[said_by.end() :], shape)
    return Opening(stamp, "", stamp.rest, "plain lines")


def _is_of_a_phone(stamp: Stamp) -> bool:
    return stamp.day is not None


def meeting_opening(line: str) -> Opening | None:
    """`[2:11 PM] Sana Q`: who spoke stands behind the time, and the words below."""
    stamp = read_stamp(line)
    if not stamp or not stamp.clock or not stamp.bracketed or not _NAME.fullmatch(stamp.rest):
        return None
    return Opening(stamp, stamp.rest, "", "meeting chat")


def is_meeting_chat(lines: Sequence[str]) -> bool:
    """Whether every bracketed time has a name behind it and words below, as meeting programs copy a chat."""
    at = [number for number, line in enumerate(lines) if _begins_bracketed(line)]
    ends = [*at[1:], len(lines)]
    return bool(at) and all(
        meeting_opening(lines[begin]) and any(line.strip() for line in lines[begin + 1 : end])
        for begin, end in zip(at, ends, strict=True)
    )


def _begins_bracketed(line: str) -> bool:
    stamp = read_stamp(line) if line.lstrip()[:1] == "[" else None
    return bool(stamp and stamp.clock and stamp.bracketed)
