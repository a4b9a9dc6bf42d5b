"""Lines that programs write, whose time does not stand first or is no clock's: web servers, klog, logfmt, JSON, epochs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from followthrough.core.deserialization import load_json
from followthrough.core.parsing import epoch, iso_datetime
from followthrough.core.timestamps import CalendarDay, Stamp, read_stamp
from followthrough.core.typed_zones import Zone

_LONGEST_JSON = 20_000
_ACCESS = re.compile(
    r"(?P<who>\S{1,100}(?: \S{1,60}){0,3}) \[(?P<time>\d{1,2}/\w{3}/\d{4}:[^\]\s]{8}(?: [+-]\d{4})?)\]\s*"
)
_KLOG = re.compile(
    r"(?P<level>[IWEF])(?P<month>[01]\d)(?P<day>[0-3]\d) (?P<time>\d\d:\d\d:\d\d)(?:\.\d+)?\s+"
)
_EPOCH = re.compile(r"\[?(?P<number>1\d{9}(?:\.\d{1,9})?|1\d{12})\]?(?=[\s,:])[\s,:]*")
_LOGFMT = re.compile(
    r"(?:\S{1,40}=(?:\"[^\"]{0,200}\"|\S{0,200})\s+){0,3}(?:ts|time|timestamp|t)=(?P<time>\"[^\"]{1,40}\"|\S{1,40})\s*"
)
_TIMES = ("timestamp", "@timestamp", "time", "ts", "datetime", "date", "at", "eventTime", "t")
_WORDS = ("message", "msg", "text", "event", "log", "summary", "title", "eventName")


def read_machine_line(line: str) -> Stamp | None:
    """The moment and the words of a program's line; None if it is none that is known here."""
    text = line.strip()
    for read in (_access, _klog, _epoch, _json, _logfmt):
        if stamp := read(text):
            return stamp
    return None


def _access(text: str) -> Stamp | None:
    found = _ACCESS.match(text)
    stamp = read_stamp(found["time"]) if found else None
    return replace(stamp, rest=f"{text[found.end() :]} · {found['who']}") if found and stamp else None


def _klog(text: str) -> Stamp | None:
    found = _KLOG.match(text)
    clock = read_stamp(found["time"]) if found else None
    if not found or not clock:
        return None
    day = CalendarDay(None, int(found["month"]), int(found["day"]))
    return replace(clock, day=day, rest=f"{found['level']} {text[found.end() :]}")


def _epoch(text: str) -> Stamp | None:
    found = _EPOCH.match(text)
    moment = epoch(float(found["number"])) if found else None
    return _of(moment, text[found.end() :], found[0]) if found and moment else None


def _json(text: str) -> Stamp | None:
    if not text.startswith("{") or len(text) > _LONGEST_JSON:
        return None
    try:
        facts = load_json(text)
    except ValueError:
        return None
    if not isinstance(facts, dict):
        return None
    when = next((facts[name] for name in _TIMES if facts.get(name)), None)
    words = next((str(facts[name]) for name in _WORDS if facts.get(name)), "") or _listed(facts)
    return _at(when, words)


def _listed(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in facts.items() if name not in _TIMES)


def _logfmt(text: str) -> Stamp | None:
    found = _LOGFMT.match(text)
    if not found:
        return None
    rest = f"{text[: found.start('time')].rpartition(' ')[0]} {text[found.end() :]}".strip()
    return _at(found["time"].strip('"'), rest)


def _at(when: Any, words: str) -> Stamp | None:
    if isinstance(when, int | float) and not isinstance(when, bool):
        moment = epoch(when)
        return _of(moment, words, str(when)) if moment else None
    moment = iso_datetime(str(when).strip()) if when else None
    if moment and moment.tzinfo:
        return _of(moment, words, str(when))
    stamp = read_stamp(f"{when}") if when else None
    return replace(stamp, rest=words) if stamp and stamp.clock and not stamp.rest else None


def _of(moment: datetime, words: str, said: str) -> Stamp:
    at = moment.astimezone(UTC)
    day = CalendarDay(at.year, at.month, at.day)
    return Stamp(said, words, day, at.time(), Zone("UTC", UTC), bracketed=False, halved=False)
