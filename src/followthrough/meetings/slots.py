"""When a meeting could be: pure reckoning over people, their hours, what they have on, and the window."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from followthrough.meetings import words

GRID = timedelta(minutes=30)
HORIZON = timedelta(days=14)
"""How far past the window a slot is looked for."""
MOST = 5

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Attendee:
    """Somebody who should come. Hours are on the clock of `zone`, days 0 (Monday) to 6; `busy` may overlap.

    Hours that end before they begin run past midnight. `days_off` are the public holidays kept, by name.
    """

    key: int
    name: str
    zone: str
    work_starts: time
    work_ends: time
    working_days: frozenset[int]
    required: bool = True
    busy: tuple[Span, ...] = field(default=(), repr=False)
    days_off: Mapping[date, str] = field(default_factory=dict, repr=False)

    @cached_property
    def taken(self) -> tuple[list[datetime], list[datetime]]:
        """Starts and ends of the busy spans, merged and in order."""
        return _columns(_merged(self.busy))

    def at_work(self, since: datetime, until: datetime) -> list[Span]:
        """Working hours of each day that touch the time between, in UTC."""
        zone = ZoneInfo(self.zone)
        first = since.astimezone(zone).date() - timedelta(days=1)
        days = (first + timedelta(days=number) for number in range((until - since).days + 4))
        overnight = timedelta(days=1 if self.work_ends <= self.work_starts else 0)
        spans = (
            (
                datetime.combine(day, self.work_starts, zone).astimezone(UTC),
                datetime.combine(day + overnight, self.work_ends, zone).astimezone(UTC),
            )
            for day in days
            if day.weekday() in self.working_days and day not in self.days_off
        )
        return _merged((start, end) for start, end in spans if end > since and start < until)

    def holiday_at(self, moment: datetime) -> str:
        """The public holiday that the person keeps then, "" if none."""
        return self.days_off.get(moment.astimezone(ZoneInfo(self.zone)).date(), "")

    def is_busy(self, start: datetime, end: datetime) -> bool:
        starts, ends = self.taken
        following = bisect_right(ends, start)
        return following < len(starts) and starts[following] < end


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


@dataclass(frozen=True)
class _Time:
    """A candidate, with those who could not come and why; `strain` is how far it lies outside their hours in all."""

    start: datetime
    end: datetime
    absent: tuple[tuple[Attendee, str], ...]
    strain: timedelta

    @property
    def missing(self) -> int:
        return sum(person.required for person, _ in self.absent)

    @property
    def rank(self) -> tuple[int, int, timedelta, datetime]:
        """Fewest of those required missing, then fewest at all, then the nearest to their hours, then the earliest."""
        return self.missing, len(self.absent), self.strain, self.start

    def overlaps(self, other: _Time) -> bool:
        return self.start < other.end and other.start < self.end


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
    times = _Times(attendees, start, end + HORIZON, timedelta(minutes=minutes))
    inside = _best(time for time in times.between(start, end) if not time.missing)
    if inside:
        return Proposal(_slots(inside, attendees, in_window=True))
    later = _best((time for time in times.between(end, end + HORIZON) if not time.missing), most=3)
    if closes_at is None:
        return _after(times, end, later, "The window opens once the incident is resolved")
    if closes_at <= now:
        return _after(times, end, later, "The window has closed")
    return _compromise(times, start, end, later)


class _Times:
    """What each attendee could do between two moments, ready to be asked about many times."""

    def __init__(
        self, attendees: Sequence[Attendee], start: datetime, end: datetime, length: timedelta
    ) -> None:
        self.attendees, self.length = attendees, length
        self.required = sum(person.required for person in attendees)
        self.hours = {person.key: _columns(person.at_work(start, end)) for person in attendees}

    def between(self, start: datetime, end: datetime) -> Iterator[_Time]:
        """Every time on the half hour that fits between the two."""
        begins = _rounded_up(start)
        while begins + self.length <= end:
            yield self.at(begins)
            begins += GRID

    def at(self, start: datetime) -> _Time:
        end = start + self.length
        reasons = ((person, self.why_not(person, start, end)) for person in self.attendees)
        absent = tuple((person, why) for person, why in reasons if why)
        strain = sum(
            (
                self.outside_by(person, start, end)
                for person, why in absent
                if person.required and why != _BUSY
            ),
            timedelta(),
        )
        return _Time(start, end, absent, strain)

    def why_not(self, person: Attendee, start: datetime, end: datetime) -> str:
        """ "" if the person is at work and free, else the reason."""
        starts, ends = self.hours[person.key]
        current = bisect_right(starts, start) - 1
        if current < 0 or ends[current] < end:
            return person.holiday_at(start) or _OUTSIDE
        return _BUSY if person.is_busy(start, end) else ""

    def outside_by(self, person: Attendee, start: datetime, end: datetime) -> timedelta:
        """How far the time lies from the person's nearest working hours; at most a day."""
        starts, ends = self.hours[person.key]
        following = bisect_right(starts, start)
        gaps = [starts[following] - start] if following < len(starts) else []
        gaps += [end - ends[following - 1]] if following else []
        return min([*gaps, timedelta(days=1)])


_OUTSIDE, _BUSY = "outside working hours", "busy"
_WHO_IS_MISSING = "The nearest times name who would be missing."


def _compromise(times: _Times, start: datetime, end: datetime, later: list[_Time]) -> Proposal:
    """The window suits nobody fully: times in it when at least half can come, then the first after it."""
    inside = [time for time in times.between(start, end) if time.missing < times.required]
    if not inside:
        return _after(times, end, later, "The window holds no working time")
    nearest = _best((time for time in inside if time.missing * 2 <= times.required), most=3)
    if not nearest and later:
        return _after(times, end, later, "In the window fewer than half of those required could come")
    nearest = nearest or _best(inside, most=3)
    tail = " After them come the first that suit everyone." if later else ""
    return Proposal(
        _slots(nearest, times.attendees, in_window=True) + _slots(later, times.attendees, in_window=False),
        f"Nothing in the window suits everyone required. {_WHO_IS_MISSING}{tail}",
    )


def _after(times: _Times, end: datetime, later: list[_Time], reason: str) -> Proposal:
    if later:
        note = f"{reason}. These are the first working times that suit everyone required."
        return Proposal(_slots(later, times.attendees, in_window=False), note)
    possible = (time for time in times.between(end, end + HORIZON) if time.missing < times.required)
    return Proposal(
        _slots(_best(possible, most=3), times.attendees, in_window=False),
        f"{reason}, and no time in the two weeks after suits everyone required. {_WHO_IS_MISSING}",
    )


def look_at(attendees: Sequence[Attendee], start: datetime, *, minutes: int) -> Slot:
    """The slot at `start`, whatever speaks against it."""
    length = timedelta(minutes=minutes)
    times = _Times(attendees, start, start + length, length)
    return _slot(times.at(start), attendees, in_window=False)


def absence_of(person: Attendee, start: datetime, end: datetime) -> str:
    """Why the person could not come then, as a sentence about them; "" if they could."""
    why = _Times([person], start, end, end - start).why_not(person, start, end)
    if why == _OUTSIDE:
        return f"Outside their working hours ({_day_clock(start, person.zone)})"
    if why and why != _BUSY:
        return f"Has a public holiday ({why})"
    return "Has something else on then" if why else ""


def _best(found: Iterable[_Time], most: int = MOST) -> list[_Time]:
    """The best times, none of which overlaps another."""
    chosen: list[_Time] = []
    for candidate in sorted(found, key=lambda time: time.rank):
        if len(chosen) == most:
            break
        if not any(candidate.overlaps(other) for other in chosen):
            chosen.append(candidate)
    return chosen


def _slots(found: Iterable[_Time], attendees: Sequence[Attendee], *, in_window: bool) -> tuple[Slot, ...]:
    return tuple(_slot(candidate, attendees, in_window=in_window) for candidate in found)


def _slot(candidate: _Time, attendees: Sequence[Attendee], *, in_window: bool) -> Slot:
    start = candidate.start
    missing = tuple(_absence(person, why, start) for person, why in candidate.absent if person.required)
    optional = tuple(_absence(person, why, start) for person, why in candidate.absent if not person.required)
    return Slot(
        start,
        int((candidate.end - start).total_seconds() // 60),
        in_window,
        missing,
        optional,
        tuple(_reasons(attendees, start, missing, optional)),
    )


def _absence(person: Attendee, why: str, start: datetime) -> str:
    if why == _BUSY:
        return f"{person.name} is busy"
    if why != _OUTSIDE:
        return f"{person.name} has a public holiday ({why})"
    return f"for {person.name} it is outside working hours ({_day_clock(start, person.zone)})"


def _reasons(
    attendees: Sequence[Attendee], start: datetime, missing: Sequence[str], optional: Sequence[str]
) -> Iterator[str]:
    required = sum(person.required for person in attendees)
    if missing:
        yield f"{required - len(missing)} of {required} required can come"
        yield from missing
    else:
        yield "Everyone required is free"
    yield _clocks({person.zone for person in attendees}, start)
    if len(optional) == 1:
        yield f"optional: {optional[0]}"
    elif optional:
        yield f"{len(optional)} optional people cannot come"


def _clocks(zones: Iterable[str], moment: datetime) -> str:
    """What the clocks show then, the latest first, places with the same time together."""
    places: dict[datetime, list[str]] = defaultdict(list)
    for zone in sorted(zones):
        places[moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)].append(words.city(zone))
    latest = sorted(places, reverse=True)[:5]
    return ", ".join(f"{there:%H:%M} in {words.listed(places[there])}" for there in latest)


def _day_clock(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%a %H:%M} in {words.city(zone)}"


def _rounded_up(moment: datetime) -> datetime:
    past = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
    return moment.astimezone(UTC) + (GRID - past if past else timedelta())


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _columns(spans: Sequence[Span]) -> tuple[list[datetime], list[datetime]]:
    return [start for start, _ in spans], [end for _, end in spans]
