"""Zones as people write them: `UTC`, `CEST`, `+02:00`, `America/New_York`, `Denver`, `Pacific time`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

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
    "ACDT": 10.5,
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
    "BRT": -3.0,
}

# Names that follow the clocks of a place, summer and winter.
_BY_PLACE: Final = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
    "EASTERN": "America/New_York",
    "CENTRAL": "America/Chicago",
    "MOUNTAIN": "America/Denver",
    "PACIFIC": "America/Los_Angeles",
    "SAN FRANCISCO": "America/Los_Angeles",
    "SEATTLE": "America/Los_Angeles",
    "BOSTON": "America/New_York",
    "MUNICH": "Europe/Berlin",
    "BANGALORE": "Asia/Kolkata",
    "BENGALURU": "Asia/Kolkata",
    "MUMBAI": "Asia/Kolkata",
    "BEIJING": "Asia/Shanghai",
}

_OFFSET = re.compile(
    r"""(?P<space>\s?)(?P<open>\()?(?:(?P<from>UTC|GMT)\s?)?(?P<sign>[+−-])(?P<hours>\d{1,2})
        (?:(?P<colon>:?)(?P<minutes>00|30|45))?(?(open)\))(?![\w:%])""",
    re.VERBOSE,
)
_ABBREVIATION = re.compile(
    r"\s?(?P<open>\()?(?P<name>[A-Z]{3,4}|utc|gmt|z|Z|[ECMP]T)(?![\w/+])(?!-\d)(?(open)\))"
)
_CITY = re.compile(
    r"\s?\(?(?P<name>[A-Za-z]{2,15}(?:[ _][A-Z][a-z]{2,12})?)(?:\)|\s+time\b|(?=\s*(?:[|\])]|[-–—]\s)|\s*$))",
    re.IGNORECASE,
)
_TIME = re.compile(r"\s(?:standard |daylight )?time\b", re.IGNORECASE)
_LOCAL = re.compile(r"\s\(?local(?:\s+time)?\b\)?", re.IGNORECASE)
_PLACE = re.compile(r"\s?(?P<name>[A-Z][A-Za-z]{1,30}(?:/[A-Za-z0-9_+-]{1,30}){1,2})")


@dataclass(frozen=True)
class Zone:
    """A zone and the name it was written with."""

    name: str
    rule: tzinfo


def read_zone(text: str, at: int, *, dated: bool) -> tuple[Zone | None, int] | None:
    """The zone written at `at`, right after a clock time, and where it ends; None when there is none.

    `local time` is read as no zone of its own.

    `dated` says that a whole date stands before: only then is `09:15-10:00` an offset and not a range.
    """
    found = _offset(text, at, dated=dated) or _abbreviation(text, at) or _place(text, at) or _city(text, at)
    if not found:
        local = _LOCAL.match(text, at)
        return (None, local.end()) if local else None
    behind = _TIME.match(text, found[1])
    return found[0], behind.end() if behind else found[1]


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
    name = "UTC" if found["name"] in "zZ" else found["name"].upper()
    if name in _BY_PLACE:
        return Zone(_BY_PLACE[name], ZoneInfo(_BY_PLACE[name])), found.end()
    if name not in ABBREVIATIONS:
        return None
    return Zone(name, timezone(timedelta(hours=ABBREVIATIONS[name]))), found.end()


def _city(text: str, at: int) -> tuple[Zone, int] | None:
    """A city or region that stands for its clock, where nothing goes on after it: `Denver -`, `Pacific time`."""
    found = _CITY.match(text, at)
    place = _places().get(found["name"].replace("_", " ").upper().removesuffix(" TIME")) if found else None
    if not found or not place:
        return None
    return Zone(place, ZoneInfo(place)), found.end()


@cache
def _places() -> dict[str, str]:
    """Zones by the city in their name, in capitals."""
    cities = {
        name.rpartition("/")[2].replace("_", " ").upper(): name
        for name in sorted(available_timezones())
        if name.startswith(("Africa/", "America/", "Asia/", "Australia/", "Europe/", "Pacific/"))
    }
    return {**cities, **_BY_PLACE}


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
