"""Zones as Outlook and Exchange show them to people, put by the names that are known. Runs in the reading process."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_LONGEST_NAME = 200
_FOLD = re.compile(r"\r?\n[ \t]")
_SHOWN = re.compile(r'(?<=;TZID=)"?(\((?:UTC|GMT)(?:[+-]\d\d[:.]\d\d)?\)[^":;\r\n]*)"?(?=[:;])')
_DEFINED = re.compile(r"^TZID:(.*?)\r?$", re.MULTILINE)
_DECORATION = re.compile(r"^city of |(?<!\s)\s{1,9}(?:islands?|\([^()]{0,80}\))$")
_CLOCK = re.compile(r"(?<!\s)(?:\s{1,9}Time)?(?:\s{1,9}\([^()]{0,80}\))?$")
_PARTS = re.compile(r"\((?:UTC|GMT)(?:([+-])(\d\d)[:.](\d\d))?\)\s*(.*)")


def with_known_zones(text: str) -> str:
    """The calendar with shown names such as "(UTC+01:00) Amsterdam, Berlin" replaced, but for those that it defines;
    those that nobody knows stay, in quotes."""
    text = _FOLD.sub("", text)
    defined = {name.replace("\\", "") for name in _DEFINED.findall(text)}
    return _SHOWN.sub(lambda found: _name(found[1], defined), text)


def _name(shown: str, defined: set[str]) -> str:
    known = None if shown in defined else zone_of(shown)
    return known or f'"{shown}"'


def zone_of(shown: str) -> str | None:
    """The zone of a name such as "(UTC-08:00) Pacific Time (US & Canada)": that of the first of its places, or of the
    Windows zone called alike, whose clock is that far from UTC in winter. None where there is none."""
    parts = _PARTS.fullmatch(shown.strip()[:_LONGEST_NAME])
    if parts is None:
        return None
    sign, hours, minutes, places = parts.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    if not offset and places in {"", "Coordinated Universal Time"}:
        return "UTC"
    return next((zone for zone in _candidates(places) if _usual_offset(zone) == offset), None)


def _candidates(places: str) -> list[str]:
    found = [zone for place in re.split("[,/]", places) for zone in _zones_at(place)]
    alike = _CLOCK.sub("", places)
    windows = WINDOWS_TO_OLSON.get(f"{alike} Standard Time")
    return [*found, windows] if windows else found


def _zones_at(place: str) -> list[str]:
    name = _DECORATION.sub("", place.strip().casefold())
    return _zones_by_place().get(name, [])


@cache
def _zones_by_place() -> dict[str, list[str]]:
    zones: dict[str, list[str]] = defaultdict(list)
    for name in sorted(available_timezones()):
        zones[name.rsplit("/", 1)[-1].replace("_", " ").casefold()].append(name)
    return dict(zones)


def _usual_offset(zone: str) -> timedelta:
    year, clock = datetime.now(UTC).year, ZoneInfo(zone)
    return min(datetime(year, month, 1, tzinfo=clock).utcoffset() or timedelta() for month in (1, 7))
