"""The date on which the two-week check-in falls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from followthrough.core.times import local

WAIT = timedelta(days=14)
CHECK_IN_MINUTES = 30
_SATURDAY = 5
_NONE: Mapping[date, str] = MappingProxyType({})


def check_in_time(
    meeting_at: datetime, zone: str, days_off: Mapping[date, str] = _NONE
) -> tuple[datetime, str]:
    """Two weeks after `meeting_at` at the same time on the clock of `zone`, in UTC, and why it was moved ("").

    From a weekend or one of `days_off` it moves to the working day after.
    """
    meant = moved = local(meeting_at, zone) + WAIT
    while moved.weekday() >= _SATURDAY or moved.date() in days_off:
        moved += timedelta(days=1)
    if moved == meant:
        return meant.astimezone(UTC), ""
    why = days_off.get(meant.date()) or f"a {meant:%A}"
    return moved.astimezone(UTC), f"Two weeks later is {why}, so it moved to the {moved:%A} after."
