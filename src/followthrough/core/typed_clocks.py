"""Clock times as people write them: `14:11`, `2:11 p. m.`, `14.20 Uhr`, `1420`, `14h20`, `noon`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

_CLOCK = re.compile(
    r"""(?:(?P<before>上午|下午|午前|午後|오전|오후)\s?)?
        (?:(?P<hour>\d{1,2})
           (?::(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,](?P<fraction>\d{1,9}))?)?
             |(?P<dot>[.h])(?P<dotted>[0-5]\d)(?!\.\d|\d))?
          |(?P<four>(?:[01]\d|2[0-3])[0-5]\d)(?P<six>[0-5]\d)?(?![-/.:]\d))
        (?:\s?(?P<half>[ap])\.?\s?m(?!\w)\.?)?
        (?:\s?(?P<oclock>Uhr|hrs|hours|h|o['’]clock)(?!\w))?(?!\d)""",
    re.VERBOSE | re.IGNORECASE,
)
_WORD = re.compile(r"(?i:(?P<word>noon|midday|midnight))(?!\w)")
_MEASURE = re.compile(
    r"\s+(?:ms|s|secs?|seconds?|mins?|minutes?|hours?|days?|weeks?|per|of|[KMGT]i?B|bytes|times|percent|EUR|USD)\b|\s*[%€$£]"
)
_COUNTED = re.compile(r"\s+(?!(?:was|is|has|this|us)\b)[a-z]+s\b")
_AFTERNOON = {"下午", "午後", "오후"}


@dataclass(frozen=True)
class Clock:
    """A clock time and where it ends. `halved`: am or pm was said; `loose`: a number without colon, which may be
    something else; `seconds`: they were said, as programs do."""

    time: time
    end: int
    halved: bool = False
    loose: bool = False
    seconds: bool = False


def read_clock(text: str, at: int, *, expected: bool) -> Clock | None:
    """The clock time at `at`. `expected`: a date or a word such as `at` stands before, so that `9.15` is one."""
    if word := _WORD.match(text, at):
        return Clock(time(0 if word["word"].lower() == "midnight" else 12), word.end(), halved=True)
    found = _CLOCK.match(text, at)
    if not found or not _is_complete(found) or _is_a_number(found, text, expected=expected):
        return None
    clock = _time(found)
    if clock is None:
        return None
    loose = not (found["minute"] or _half(found) or found["oclock"])
    seconds = bool(found["second"] or found["six"])
    return Clock(clock, found.end(), halved=bool(_half(found)), loose=loose, seconds=seconds)


def _is_complete(found: re.Match[str]) -> bool:
    """Whether it says more than an hour: minutes, am or pm, or that it is a clock's."""
    minutes = found["minute"] or found["dotted"] or found["four"]
    if found["oclock"] and found["oclock"].lower() in {"h", "hrs", "hours"}:
        return bool(minutes)
    return bool(minutes or _half(found) or found["oclock"])


def _is_a_number(found: re.Match[str], text: str, *, expected: bool) -> bool:
    if found["minute"] or _half(found) or found["oclock"]:
        return False
    if _MEASURE.match(text, found.end()) or (found["four"] and _COUNTED.match(text, found.end())):
        return True
    return bool(found["hour"]) and len(found["hour"]) < 2 and not (expected and found["dot"] == ".")


def _time(found: re.Match[str]) -> time | None:
    four = found["four"] or ""
    hour = _hour(int(found["hour"] or four[:2]), _half(found))
    if hour is None:
        return None
    micro = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    minute = found["minute"] or found["dotted"] or four[2:] or 0
    return time(hour, int(minute), int(found["second"] or found["six"] or 0), micro)


def _half(found: re.Match[str]) -> str:
    """`a` or `p` where it was said which half of the day is meant."""
    if found["before"]:
        return "p" if found["before"] in _AFTERNOON else "a"
    return (found["half"] or "").lower()


def _hour(said: int, half: str) -> int | None:
    """The hour of the day, 0 to 23; None if there is no such hour. 14:03 PM and 0:03 AM say the same twice."""
    if not half or (half == "p" and said > 12) or (half == "a" and said == 0):
        return said if said < 24 else None
    if not 1 <= said <= 12:
        return None
    return said % 12 + (12 if half == "p" else 0)
