"""Phrasing of times and numbers, as messages and reasons say them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from followthrough.core.times import local


def city(zone: str) -> str:
    """What people call a zone: "Europe/Warsaw" is "Warsaw"."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def day(moment: datetime, zone: str) -> str:
    """ "Thu 26 Nov" on the clock of `zone`."""
    there = local(moment, zone)
    return f"{there:%a} {there.day} {there:%b}"


def day_and_time(moment: datetime, zone: str) -> str:
    """ "Thu 26 Nov, 15:00 in Warsaw"."""
    return f"{day(moment, zone)}, {local(moment, zone):%H:%M} in {city(zone)}"


def listed(names: Sequence[str]) -> str:
    """ "Ann", "Ann and Ben", "Ann, Ben and Cy"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def counted(number: int, one: str, many: str = "") -> str:
    """ "one person", "4 people"."""
    return f"one {one}" if number == 1 else f"{number} {many or one + 's'}"
