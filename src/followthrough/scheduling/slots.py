"""When a meeting could be: pure reckoning over people, their hours, what they have on, and the window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from followthrough.core.phrasing import listed
from followthrough.meetings import phrasing
from followthrough.scheduling.availability import BUSY, OUTSIDE, Attendee, Availability, Candidate

HORIZON = timedelta(days=14)
"""How far past the window a slot is looked for."""
MAX_PROPOSALS = 5
MOST_NAMED = 8
"""Of those who could not come; the others are counted."""


@dataclass(frozen=True)
class Slot:
    """One time that could be proposed, and why. Those who could not come are named with the reason."""

    starts_at: datetime
    minutes: int
    in_window: bool
    missing: tuple[str, ...]
    missing_optional: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def is_compromise(self) -> bool:
        """Somebody required could not come."""
        return bool(self.missing)


@dataclass(frozen=True)
class Proposal:
    """Slots, best first, and in words why they are not in the window ("" when they are)."""

    slots: tuple[Slot, ...]
    note: str = ""


def propose(
    attendees: Sequence[Attendee],
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    minutes: int,
    now: datetime,
) -> Proposal:
    """Up to five times for a meeting of `minutes`, not before `now`, in the window if anything there fits.

    A slot needs everyone required at work and free; fewest optional absences first, then the earliest. Without
    such a slot in the window the nearest compromises in it are named, and the first fitting slots after it.
    Without a window the first fitting slots from `now` are given. If nobody is required, everybody is.
    """
    if not attendees:
        return Proposal((), "Say who comes first; then times can be proposed.")
    if not any(person.required for person in attendees):
        attendees = [replace(person, required=True) for person in attendees]
    start = max(now, opens_at or now)
    end = max(closes_at or now, start)
    times = Availability(attendees, start, end + HORIZON, timedelta(minutes=minutes))
    inside = _best(times, (time for time in times.between(start, end) if not time.missing))
    if inside:
        return Proposal(_slots(times, inside, in_window=True))
    later = _best(times, (time for time in times.between(end, end + HORIZON) if not time.missing), most=3)
    if closes_at is None:
        return _after(times, end, later, "The meeting’s window opens once it is over")
    if closes_at <= now:
        return _after(times, end, later, "The meeting’s window has closed")
    return _compromise(times, start, end, later)


def _why_nobody(times: Availability, start: datetime, end: datetime) -> str:
    """Why none of those required could come at any time of the window."""
    spans = [(time.start, time.end) for time in times.between(start, end)]
    required = [person for person in times.attendees if person.required]
    if any(times.why_not(person, *span) == BUSY for span in spans for person in required):
        return "Everyone required has something else on in all the working time of the window"
    return "The window holds no working time"


_WHO_IS_MISSING = "The nearest times name who would be missing."


def _compromise(times: Availability, start: datetime, end: datetime, later: list[Candidate]) -> Proposal:
    """The window suits nobody fully: times in it when at least half can come, then the first after it."""
    inside = [time for time in times.between(start, end) if time.missing < times.required]
    if not inside:
        return _after(times, end, later, _why_nobody(times, start, end))
    nearest = _best(times, (time for time in inside if time.missing * 2 <= times.required), most=3)
    if not nearest and later:
        return _after(times, end, later, "In the window fewer than half of those required could come")
    nearest = nearest or _best(times, inside, most=3)
    tail = " After them come the first that suit everyone." if later else ""
    return Proposal(
        _slots(times, nearest, in_window=True) + _slots(times, later, in_window=False),
        f"Nothing in the window suits everyone required. {_WHO_IS_MISSING}{tail}",
    )


def _after(times: Availability, end: datetime, later: list[Candidate], reason: str) -> Proposal:
    if later:
        note = f"{reason}. These are the first working times that suit everyone required."
        return Proposal(_slots(times, later, in_window=False), note)
    possible = (time for time in times.between(end, end + HORIZON) if time.missing < times.required)
    return Proposal(
        _slots(times, _best(times, possible, most=3), in_window=False),
        f"{reason}, and no time in the two weeks after suits everyone required. {_WHO_IS_MISSING}",
    )


def check_slot(attendees: Sequence[Attendee], start: datetime, *, minutes: int) -> Slot:
    """The slot at `start`, whatever speaks against it."""
    length = timedelta(minutes=minutes)
    times = Availability(attendees, start, start + length, length)
    return _slot(times, start, in_window=False)


def absence_of(person: Attendee, start: datetime, end: datetime) -> str:
    """Why the person could not come then, as a sentence about them; "" if they could."""
    why = Availability([person], start, end, end - start).why_not(person, start, end)
    if why == OUTSIDE:
        return f"Outside their working hours ({_day_clock(start, person.zone)})"
    if why and why != BUSY:
        return f"Has a public holiday ({why})"
    return "Has something else on then" if why else ""


def _best(times: Availability, found: Iterable[Candidate], most: int = MAX_PROPOSALS) -> list[Candidate]:
    """The best times, none of which overlaps another.

    Fewest of those required missing, then fewest at all, then the nearest to their hours, then the earliest.
    """
    chosen: list[Candidate] = []
    ranked = sorted(found, key=_absent)
    for _, alike in groupby(ranked, key=_absent):
        for candidate in sorted(alike, key=lambda time: (times.strain(time), time.start)):
            if len(chosen) == most:
                return chosen
            if not any(candidate.overlaps(other) for other in chosen):
                chosen.append(candidate)
    return chosen


def _absent(candidate: Candidate) -> tuple[int, int]:
    return candidate.missing, candidate.absent


def _slots(times: Availability, found: Iterable[Candidate], *, in_window: bool) -> tuple[Slot, ...]:
    return tuple(_slot(times, candidate.start, in_window=in_window) for candidate in found)


def _slot(times: Availability, start: datetime, *, in_window: bool) -> Slot:
    absent = times.absences(start)
    missing = tuple(_absence(person, why, start) for person, why in absent if person.required)
    optional = tuple(_absence(person, why, start) for person, why in absent if not person.required)
    return Slot(
        start,
        int(times.length.total_seconds() // 60),
        in_window,
        missing,
        optional,
        tuple(_reasons(times, start, missing, optional)),
    )


def _absence(person: Attendee, why: str, start: datetime) -> str:
    if why == BUSY:
        return f"{person.name} is busy"
    if why != OUTSIDE:
        return f"{person.name} has a public holiday ({why})"
    return f"for {person.name} it is outside working hours ({_day_clock(start, person.zone)})"


def _reasons(
    times: Availability, start: datetime, missing: Sequence[str], optional: Sequence[str]
) -> Iterator[str]:
    if missing:
        yield f"{times.required - len(missing)} of {times.required} required can come"
        yield from first_of(missing)
    else:
        yield "Everyone required is free"
    yield _clocks({person.zone for person in times.attendees}, start)
    if len(optional) == 1:
        yield f"optional: {optional[0]}"
    elif optional:
        yield f"{len(optional)} optional people cannot come"


def first_of(missing: Sequence[str]) -> list[str]:
    """Who is missing by name, and from `MOST_NAMED` on how many more."""
    more = len(missing) - MOST_NAMED
    return (
        [*missing[:MOST_NAMED], f"{phrasing.counted(more, 'other')} cannot come"]
        if more > 1
        else list(missing)
    )


def _clocks(zones: Iterable[str], moment: datetime) -> str:
    """What the clocks show then, the latest first, places with the same time together."""
    places: dict[datetime, list[str]] = defaultdict(list)
    for zone in sorted(zones):
        places[moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)].append(phrasing.city(zone))
    latest = sorted(places, reverse=True)[:5]
    return ", ".join(f"{there:%H:%M} in {listed(places[there])}" for there in latest)


def _day_clock(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%a %H:%M} in {phrasing.city(zone)}"
