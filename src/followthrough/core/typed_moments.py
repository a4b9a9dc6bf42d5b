"""A time that is a field of its own: `14:03`, `yesterday 2pm`, `Fri 14.20`, `20 Nov 14:03`, `2026-11-20 14:03`."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from followthrough.core.times import is_plausible
from followthrough.core.timestamps import Stamp, read_stamp
from followthrough.core.typed_dates import RelativeDay

EXAMPLES = "Write it as 14:03, yesterday 14:03, 20 Nov 14:03 or 2026-11-20 14:03."
_DAY, _A_LITTLE = timedelta(days=1), timedelta(hours=3)
_MOST_CHARACTERS = 60


def read_moment(text: str) -> Stamp | None:
    """The one time that all of `text` is, of which the day may be missing; None for anything else."""
    text = " ".join(text.split())
    if len(text) > _MOST_CHARACTERS:
        return None
    for said in (text, f"at {text}"):
        stamp = read_stamp(said)
        if stamp and stamp.clock and not (stamp.rest or stamp.until):
            return stamp
    return None


def wall_time(
    stamp: Stamp, *, now: datetime, after: datetime | None = None, ahead: bool = False
) -> datetime | None:
    """What a clock on the wall showed then, without a zone; None for a day that there is not.

    `now` is that clock now. A time without a day is on the day of `after`, or on the next if it is earlier by more than
    three hours; without `after` it is the last one that has passed, or with `ahead` the next one.
    """
    clock = stamp.clock or time()
    if stamp.day is None and after is not None:
        same_day = datetime.combine(after.date(), clock)
        return min(
            (one for one in (same_day, same_day + _DAY) if after - _A_LITTLE <= one <= now), default=same_day
        )
    today = now.date()
    days = [today - _DAY, today, today + _DAY] if stamp.day is None else stamp.day.near(today)
    found = sorted(datetime.combine(day, clock) for day in days if is_plausible(day))
    if isinstance(stamp.day, RelativeDay):
        return next(iter(found), None)
    if ahead:
        return next((one for one in found if one >= now), found[-1] if found else None)
    return next((one for one in reversed(found) if one <= now), found[0] if found else None)
