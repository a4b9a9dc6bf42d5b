"""Times for a check-in: as near to the day that was meant as the hours and calendars of those it needs allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from followthrough.scheduling.availability import Attendee, Availability, Candidate
from followthrough.scheduling.slots import Slot, check_slot

EARLIER, LATER = timedelta(days=2), timedelta(days=5)
"""How far from the day that was meant a time is looked for."""


def nearest_slots(
    attendees: Sequence[Attendee], meant: datetime, *, minutes: int, now: datetime, most: int = 3
) -> list[Slot]:
    """Up to `most` times on different days, best first: fewest of those required missing, then fewest at all,
    then least outside working hours, then nearest to `meant`. If nobody is required, everybody is."""
    if not attendees:
        return []
    if not any(person.required for person in attendees):
        attendees = [replace(person, required=True) for person in attendees]
    start = max(now, meant - EARLIER)
    end = max(meant, now) + LATER
    times = Availability(attendees, start, end, timedelta(minutes=minutes))

    def rank(time: Candidate) -> tuple[int, int, int, timedelta]:
        strain = times.strain(time) if time.missing else 0
        return time.missing, time.absent, strain, abs(time.start - meant)

    chosen: list[datetime] = []
    for time in sorted(times.between(start, end), key=rank):
        if time.start.date() not in {one.date() for one in chosen}:
            chosen.append(time.start)
        if len(chosen) == most:
            break
    return [check_slot(attendees, one, minutes=minutes) for one in chosen]
