"""The date on which the two-week check-in falls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from followthrough.core.times import local

WAIT = timedelta(days=14)
LONGEST_WAIT = timedelta(days=42)
"""However late everything is due, people meet by then."""
CHECK_IN_MINUTES = 30
_SATURDAY = 5
_NONE: Mapping[date, str] = MappingProxyType({})


def check_in_time(
    meeting_at: datetime, zone: str, days_off: Mapping[date, str] = _NONE, *, first_due: date | None = None
) -> tuple[datetime, str]:
    """Two weeks after `meeting_at` at the same time on the clock of `zone`, in UTC, and why it was moved ("").

    Where nothing is due by then it waits for the day after `first_due`, six weeks at most. From a weekend or one of
    `days_off` it moves to the working day after.
    """
    held = local(meeting_at, zone)
    meant = moved = held + WAIT
    if first_due and first_due >= meant.date():
        after = datetime.combine(first_due + timedelta(days=1), meant.time(), meant.tzinfo)
        meant = moved = min(after, held + LONGEST_WAIT)
    while moved.weekday() >= _SATURDAY or moved.date() in days_off:
        moved += timedelta(days=1)
    if moved == meant:
        return meant.astimezone(UTC), ""
    why = days_off.get(meant.date()) or f"a {meant:%A}"
    return moved.astimezone(UTC), f"Two weeks later is {why}, so it moved to the {moved:%A} after."
