"""Lengths of time as people and programs write them: "1h 58m", "2 days, 3:04:00", "PT1H30M"; read to the end, or refused."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from followthrough.incidents.imports.cell_values import NOTHING, Unreadable, short_text

_UNITS = {
    "w": (10_080.0, ("w", "wk", "wks", "week", "weeks")),
    "d": (1_440.0, ("d", "day", "days", "tag", "tage")),
    "h": (60.0, ("h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden")),
    "m": (1.0, ("m", "min", "mins", "minute", "minutes", "minuten")),
    "s": (1 / 60, ("s", "sec", "secs", "second", "seconds", "sek")),
    "ms": (1 / 60_000, ("ms", "msec", "millis", "millisecond", "milliseconds")),
}
"""{unit: (minutes, how it is written)}, the longest first."""
_UNIT_OF = {word: unit for unit, (_, words) in _UNITS.items() for word in words}
_ORDER = list(_UNITS)
_NUMBER = r"\d{1,9}(?:[.,]\d{1,9})?"
_BARE_NUMBER = re.compile(_NUMBER, re.ASCII)
_PART = re.compile(rf"(?P<amount>{_NUMBER}) ?(?P<unit>[a-z]+)\.?(?: ?(?:,|and|&|und))? ?", re.ASCII)
_CLOCK = re.compile(
    r"(?P<hours>\d{1,6}):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d)(?:[.,]\d{1,9})?)?", re.ASCII
)
_BARE_MINUTES = re.compile(r"(?<=h)(?P<minutes>[0-5]\d)$", re.ASCII)
_ISO = re.compile(rf"p(?:{_NUMBER}[wd])*(?:t(?:{_NUMBER}[hms])+)?", re.ASCII)
_ABOUT = re.compile(r"(?:~|≈|about |approx(?:imately|\.)? ?|around |circa |ca\.? |c\. )")


def span(value: Any, *, unit: str = "m") -> timedelta | None:
    """A length of time. A number alone counts in `unit` (w, d, h, m, s, ms); "2:05" is hours and minutes."""
    try:
        return _span(value, unit)
    except (OverflowError, ValueError) as error:
        raise Unreadable(f"“{str(value)[:40]}” is not a length of time that can be right.") from error


def unit_of(column: str) -> str:
    """The unit that a column's name tells: "duration_seconds", "Downtime (h)"; minutes where it tells none."""
    words = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column).lower())
    return next((_UNIT_OF[word] for word in reversed(words) if word in _UNIT_OF), "m")


def _span(value: Any, unit: str) -> timedelta | None:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return timedelta(minutes=value * _UNITS[unit][0])
    text = " ".join(short_text(value, "length of time").lower().split())
    if text in NOTHING:
        return None
    about = _ABOUT.match(text)
    found = _minutes(text[about.end() :] if about else text, unit)
    if found is None:
        raise Unreadable(f"“{text[:40]}” is not a length of time that can be read. Write minutes, or 1h 58m.")
    return timedelta(minutes=found)


def _minutes(text: str, unit: str) -> float | None:
    """None unless every letter of it is understood."""
    if _BARE_NUMBER.fullmatch(text):
        amount = _amount(text)
        return None if amount is None else amount * _UNITS[unit][0]
    if _ISO.fullmatch(text) and len(text) > 1:
        text = text[1:].replace("t", "")
    text = _BARE_MINUTES.sub(r"\g<minutes>m", text)
    at, total, last = 0, 0.0, -1
    while found := _PART.match(text, at):
        one, amount = _UNIT_OF.get(found["unit"]), _amount(found["amount"])
        if one is None or amount is None or _ORDER.index(one) <= last:
            return None
        at, total, last = found.end(), total + amount * _UNITS[one][0], _ORDER.index(one)
    if at == len(text) and last >= 0:
        return total
    clock = _CLOCK.match(text, at)
    if (
        clock is None
        or last > _ORDER.index("d")
        or text[clock.end() :].strip() not in {"", "h", "hrs", "hours"}
    ):
        return None
    return total + int(clock["hours"]) * 60 + int(clock["minutes"]) + int(clock["seconds"] or 0) / 60


def _amount(text: str) -> float | None:
    """ "1,5" is one and a half; "1,500" may be either of two, so it is none."""
    if re.fullmatch(r"\d{1,3},\d{3}", text, re.ASCII):
        return None
    return float(text.replace(",", "."))
