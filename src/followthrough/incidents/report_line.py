"""An incident as people call it out: "SEV1 checkout down 14:03–15:22 payments"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from followthrough.core.said_dates import read_day

LONGEST = 300
"""Characters of a line that are looked at; a longer one is a title throughout."""
_DAY = timedelta(days=1)
_CLOCK = r"(?:(?P<{0}hour>[01]?\d|2[0-3])[:.](?P<{0}minute>[0-5]\d)|(?P<{0}short>1[0-2]|[1-9]))\s?(?P<{0}half>[ap]\.?m\.?)?"
_TIMES = re.compile(
    rf"(?<![\w.:/-])(?P<lead>(?:from|since|at|between)\s+)?[~≈]?{_CLOCK.format('from_')}"
    rf"(?:\s*(?P<mark>[-–—]|to|until|till|and)\s*[~≈]?{_CLOCK.format('to_')})?(?![\w:/%]|\.\d)",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?<!\w)(?:on\s+)?(?P<day>yesterday|today|\d{4}-\d\d-\d\d|\d{1,2}(?:st|nd|rd|th)?\s+[a-z]{3,9}(?:\s+\d{4})?"
    r"|[a-z]{3,9}\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4})?|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})(?!\w)[\s,]*$",
    re.IGNORECASE,
)
_EDGE = " \t,;:–—-|/"


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What a line says: `started` and `ended` are on the writer's clock, without a zone."""

    title: str
    severity: int | None = None
    services: tuple[int, ...] = ()
    started: datetime | None = None
    ended: datetime | None = None


def read_report_line(
    line: str, *, now: datetime, severities: Mapping[str, int], services: Mapping[str, int]
) -> ReportLine:
    """The parts of `line`. `now` is the writer's clock, without a zone; names of severities and services give their keys.

    A time without a day is the last one that has passed; an end before its start is the day after. The name of a
    service that is the rest of a line is no part of the title; one inside it stays there as well.
    """
    line = " ".join(line.split())
    if len(line) > LONGEST:
        return ReportLine(line)
    severity, line = _severity(line, severities)
    started, ended, before, after = _times(line, now)
    named = _services(f"{before} {after}", services)
    trailing = [part.strip(_EDGE) for part in re.split(r",|\band\b|\s&\s", after) if part.strip(_EDGE)]
    names = {name.casefold() for name in services}
    title = (
        before
        if all(part.casefold().removeprefix("on ") in names for part in trailing)
        else f"{before} {after}"
    )
    return ReportLine(title.strip(_EDGE) or line.strip(_EDGE), severity, named, started, ended)


def _severity(line: str, severities: Mapping[str, int]) -> tuple[int | None, str]:
    """A severity's name as a word of its own, however it is spaced ("sev 1", "SEV-1")."""
    for name, key in sorted(severities.items(), key=lambda pair: -len(pair[0])):
        letters = re.sub(r"(?<=[a-z])[\s-]?(?=\d)", "~", name.casefold())
        pattern = re.escape(letters).replace(re.escape("~"), r"[\s-]?")
        if match := re.search(rf"(?<![\w-])[\[(]?{pattern}[\])]?(?![\w-])[:,]?", line, re.IGNORECASE):
            return key, f"{line[: match.start()].rstrip()} {line[match.end() :].lstrip()}".strip(_EDGE)
    return None, line


def _times(line: str, now: datetime) -> tuple[datetime | None, datetime | None, str, str]:
    """Start and end, and the words before and after them."""
    for match in _TIMES.finditer(line):
        begins, ends = _clock(match, "from_"), _clock(match, "to_") if match["mark"] else None
        if begins is None or (match["mark"] and ends is None):
            continue
        before, day = _day(line[: match.start()], now.date())
        started = datetime.combine(day or now.date(), begins)
        started -= _DAY if day is None and started > now else timedelta()
        ended = datetime.combine(started.date(), ends) if ends else None
        if ended and ended < started:
            ended += _DAY
        return started, ended, before.strip(_EDGE), line[match.end() :].strip(_EDGE)
    return None, None, line, ""


def _clock(match: re.Match[str], which: str) -> time | None:
    """A clock time; a bare number is one only with am or pm."""
    half = (match[f"{which}half"] or "").lower()[:1]
    if not half and match[f"{which}short"]:
        return None
    hour = int(match[f"{which}hour"] or match[f"{which}short"])
    if half and not 1 <= hour <= 12:
        return None
    return time(hour % 12 + (12 if half == "p" else 0) if half else hour, int(match[f"{which}minute"] or 0))


def _day(before: str, today: date) -> tuple[str, date | None]:
    """The words without the day that they end with, and that day: the last of its name."""
    match = _DATED.search(before)
    if match is None:
        return before, None
    said = match["day"].casefold()
    if said in {"yesterday", "today"}:
        day: date | None = today - (_DAY if said == "yesterday" else timedelta())
    else:
        day = read_day(said, today - timedelta(days=8 if said.isalpha() else 365))
    return (before[: match.start()], day) if day and day <= today else (before, None)


def _services(words: str, services: Mapping[str, int]) -> tuple[int, ...]:
    folded = words.casefold()
    found = (
        key
        for name, key in services.items()
        if re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", folded)
    )
    return tuple(dict.fromkeys(found))
