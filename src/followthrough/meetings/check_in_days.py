"""When the two-week check-in falls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from followthrough.core.times import local

WAIT = timedelta(days=14)
MINUTES = 30
_SATURDAY = 5


def check_in_time(meeting_at: datetime, zone: str) -> tuple[datetime, str]:
    """Two weeks after `meeting_at` at the same time on the clock of `zone`, in UTC, and why it was moved ("").

    From a weekend it moves to the Monday after.
    """
    meant = local(meeting_at, zone) + WAIT
    if meant.weekday() < _SATURDAY:
        return meant.astimezone(UTC), ""
    monday = meant + timedelta(days=7 - meant.weekday())
    return monday.astimezone(UTC), f"Two weeks later is a {meant:%A}, so it moved to the Monday after."
