"""An incident as people call it out: "SEV1 checkout down 14:03–15:22 payments"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from followthrough.core.timestamps import Stamp, read_stamp
from followthrough.core.typed_moments import read_moment, wall_time

LONGEST = 300
"""Characters of a line that are looked at; a longer one is a title throughout."""
PARTS = ("severity", "times", "services")
_DAY = timedelta(days=1)
_WORD = re.compile(r"(?<![^\s(\[,;])[^\s,;]")
_NUMBERED = re.compile(r"\b(?:to|of|than|version|release|build|port|error|code|ticket|v)\s*$", re.IGNORECASE)
_LEAD = re.compile(r"(?:^|\s)(?:on|from|since|at|between)$", re.IGNORECASE)
_EDGE = " \t,;:–—-|/"


@dataclass(frozen=True, slots=True)
class Said:
    """One part that was understood, and the words that said it."""

    part: str
    words: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What a line says: `started` and `ended` are on the writer's clock, without a zone."""

    title: str
    severity: int | None = None
    services: tuple[int, ...] = ()
    started: datetime | None = None
    ended: datetime | None = None
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class _Times:
    words: str
    started: datetime
    ended: datetime | None


def read_report_line(
    line: str,
    *,
    now: datetime,
    severities: Mapping[str, int],
    services: Mapping[str, int],
    zone: tzinfo = UTC,
    as_words: Collection[str] = (),
) -> ReportLine:
    """The parts of `line`. `now` is the writer's clock, without a zone; names of severities and services give their keys.

    A time without a day is the last one that has passed; an end before its start is the day after. The name of a
    service that is the rest of a line is no part of the title; one inside it stays there as well. PARTS that are
    `as_words` are not looked for.
    """
    line = " ".join(line.split())
    if len(line) > LONGEST:
        return ReportLine(line)
    severity, level, rest = _severity(line, {} if "severity" in as_words else severities)
    times, before, after = _times(rest, now, zone) if "times" not in as_words else (None, rest, "")
    named = _services(f"{before} {after}", {} if "services" in as_words else services)
    said = [Said("severity", level)] if level else []
    said += [Said("times", times.words)] if times else []
    said += [Said("services", name) for name in named]
    return ReportLine(
        _title(before, after, named) or line.strip(_EDGE),
        severity,
        tuple(dict.fromkeys(named.values())),
        times.started if times else None,
        times.ended if times else None,
        tuple(said),
    )


def in_words(started: datetime | None, ended: datetime | None) -> str:
    """Fri 20 Nov 2026, 14:03–15:22; the day of an end on another one is said."""
    if started is None:
        return ""
    words = f"{started:%a} {started.day} {started:%b %Y, %H:%M}"
    if ended is None:
        return words
    return (
        f"{words}–{ended:%H:%M}"
        if ended.date() == started.date()
        else f"{words} – {ended:%a} {ended.day} {ended:%b, %H:%M}"
    )


def _title(before: str, after: str, named: Collection[str]) -> str:
    """The words around the times, without services that are all that stands behind them."""
    trailing = [part.strip(_EDGE) for part in re.split(r",|\band\b|\s&\s", after) if part.strip(_EDGE)]
    names = {name.casefold() for name in named}
    only_services = all(part.casefold().removeprefix("on ") in names for part in trailing)
    return (before if only_services else f"{before} {after}").strip(_EDGE)


def _severity(line: str, severities: Mapping[str, int]) -> tuple[int | None, str, str]:
    """A severity's name as a word of its own, however it is spaced ("sev 1", "SEV-1"), and the line without it."""
    for name, key in sorted(severities.items(), key=lambda pair: -len(pair[0])):
        letters = re.sub(r"(?<=[a-z])[\s-]?(?=\d)", "~", name.casefold())
        pattern = re.escape(letters).replace(re.escape("~"), r"[\s-]?")
        if match := re.search(rf"(?<![\w-])[\[(]?{pattern}[\])]?(?![\w-])[:,]?", line, re.IGNORECASE):
            rest = f"{line[: match.start()].rstrip()} {line[match.end() :].lstrip()}".strip(_EDGE)
            return key, match[0].strip("[]():, "), rest
    return None, "", line


def _times(line: str, now: datetime, zone: tzinfo) -> tuple[_Times | None, str, str]:
    """The first times of the line, and the words before and after them."""
    for word in _WORD.finditer(line):
        stamp = read_stamp(line[word.start() :])
        before = line[: word.start()]
        if stamp is None or stamp.clock is None or (stamp.loose and not _stands_apart(before, stamp)):
            continue
        started = _on_the_clock(stamp, now, zone)
        if started is None:
            continue
        end = read_moment(stamp.until) if stamp.until else None
        ended = _on_the_clock(end, now, zone, after=started) if end else None
        if ended and ended < started:
            ended += _DAY
        words = (
            line[word.start() : len(line) - len(stamp.rest)].strip(_EDGE)
            if stamp.rest
            else line[word.start() :]
        )
        return (
            _Times(words, started, ended),
            _LEAD.sub("", before.rstrip()).strip(_EDGE),
            stamp.rest.strip(_EDGE),
        )
    return None, line, ""


def _stands_apart(before: str, stamp: Stamp) -> bool:
    """Whether a bare number, such as 14.20 or 1420, begins or ends the line, and no word makes it something else."""
    return (not before.strip() or not stamp.rest) and not _NUMBERED.search(before)


def _on_the_clock(
    stamp: Stamp, now: datetime, zone: tzinfo, after: datetime | None = None
) -> datetime | None:
    """On the writer's clock, also where another zone was said."""
    if stamp.zone is None:
        return wall_time(stamp, now=now, after=after)
    there = now.replace(tzinfo=zone).astimezone(stamp.zone.rule).replace(tzinfo=None)
    found = wall_time(stamp, now=there)
    return found and found.replace(tzinfo=stamp.zone.rule).astimezone(zone).replace(tzinfo=None)


def _services(words: str, services: Mapping[str, int]) -> dict[str, int]:
    folded = words.casefold()
    return {
        name: key
        for name, key in services.items()
        if re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", folded)
    }
