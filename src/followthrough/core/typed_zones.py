"""Zones as people write them: `UTC`, `CEST`, `+02:00`, `America/New_York`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Hours east of UTC. Where an abbreviation has several meanings this table picks one: BST is British
# summer time, CST/CDT and MST/MDT are North American, IST is Indian standard time.
ABBREVIATIONS: Final = {
    "UTC": 0.0,
    "GMT": 0.0,
    "WET": 0.0,
    "BST": 1.0,
    "WEST": 1.0,
    "CET": 1.0,
    "CEST": 2.0,
    "EET": 2.0,
    "SAST": 2.0,
    "EEST": 3.0,
    "MSK": 3.0,
    "IST": 5.5,
    "AWST": 8.0,
    "HKT": 8.0,
    "SGT": 8.0,
    "JST": 9.0,
    "KST": 9.0,
    "ACST": 9.5,
    "AEST": 10.0,
    "AEDT": 11.0,
    "NZST": 12.0,
    "NZDT": 13.0,
    "EST": -5.0,
    "EDT": -4.0,
    "CST": -6.0,
    "CDT": -5.0,
    "MST": -7.0,
    "MDT": -6.0,
    "PST": -8.0,
    "PDT": -7.0,
    "AKST": -9.0,
    "AKDT": -8.0,
    "HST": -10.0,
}

_OFFSET = re.compile(
    r"""(?P<space>\s?)(?P<from>UTC|GMT)?(?P<sign>[+−-])(?P<hours>\d{1,2})
        (?:(?P<colon>:?)(?P<minutes>00|30|45))?(?![\w:%])""",
    re.VERBOSE,
)
_ABBREVIATION = re.compile(r"\s?(?P<name>[A-Z]{3,4}|utc|gmt|Z)(?![\w/+-])")
_PLACE = re.compile(r"\s?(?P<name>[A-Z][A-Za-z]{1,30}(?:/[A-Za-z0-9_+-]{1,30}){1,2})")


@dataclass(frozen=True)
class Zone:
    """A zone and the name it was written with."""

    name: str
    rule: tzinfo


def read_zone(text: str, at: int, *, dated: bool) -> tuple[Zone, int] | None:
    """The zone written at `at`, right after a clock time, and where it ends; None when there is none.

    `dated` says that a whole date stands before: only then is `09:15-10:00` an offset and not a range.
    """
    return _offset(text, at, dated=dated) or _abbreviation(text, at) or _place(text, at)


def _offset(text: str, at: int, *, dated: bool) -> tuple[Zone, int] | None:
    found = _OFFSET.match(text, at)
    if not found or not (found["from"] or _is_plainly_an_offset(found, dated=dated)):
        return None
    east = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    if east > timedelta(hours=14):
        return None
    sign = "+" if found["sign"] == "+" else "-"
    name = f"{sign}{int(found['hours']):02}:{found['minutes'] or '00'}"
    return Zone(name, timezone(east if sign == "+" else -east)), found.end()


def _is_plainly_an_offset(found: re.Match[str], *, dated: bool) -> bool:
    """False for numbers that may mean something else: `14:11 +1000 errors`, `09:15-10:00`, `14:11 -12 %`."""
    if len(found["hours"]) < 2 or not found["minutes"]:
        return False
    if found["space"]:
        return bool(found["colon"]) or found["hours"].startswith("0")
    return dated or found["sign"] == "+"


def _abbreviation(text: str, at: int) -> tuple[Zone, int] | None:
    found = _ABBREVIATION.match(text, at)
    if not found:
        return None
    name = "UTC" if found["name"] == "Z" else found["name"].upper()
    if name not in ABBREVIATIONS:
        return None
    return Zone(name, timezone(timedelta(hours=ABBREVIATIONS[name]))), found.end()


def _place(text: str, at: int) -> tuple[Zone, int] | None:
    found = _PLACE.match(text, at)
    if not found:
        return None
    try:
        return Zone(found["name"], ZoneInfo(found["name"])), found.end()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def instants(day: date, clock: time, rule: tzinfo) -> list[datetime]:
    """The UTC instants at which a clock under `rule` shows `clock` on `day`, earliest first.

    There are two when clocks go back over that hour. When they skip it there is one, as far past the
    skip as was written: 02:30 in a skipped hour is 03:30.
    """
    local = datetime.combine(day, clock, rule)
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return [first, second] if second > first else [first]
