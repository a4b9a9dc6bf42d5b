"""Availability: who is at work and free when, counted for many people and many times at once."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

GRID = timedelta(minutes=30)
OUTSIDE, BUSY = "outside working hours", "busy"
_DAY_SECONDS = 86_400

Span = tuple[datetime, datetime]
Columns = tuple[list[datetime], list[datetime]]
"""Starts and ends of spans that do not overlap, in order."""


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
    def hours(self) -> tuple[object, ...]:
        """What decides when the person is at work; the same for all who share it."""
        days = tuple(sorted(self.days_off))
        return self.zone, self.work_starts, self.work_ends, self.working_days, days

    @cached_property
    def taken(self) -> Columns:
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
class Candidate:
    """One time for a meeting: how many of those required, and how many of all, could not come."""

    start: datetime
    end: datetime
    missing: int
    absent: int
    place: int
    """On the grid of its `Availability`."""

    def overlaps(self, other: Candidate) -> bool:
        return self.start < other.end and other.start < self.end


class Availability:
    """What attendees could do between two moments, on a grid of half hours.

    A bit of a number stands for each time of the grid, so that thousands of people cost about as little as a few.
    """

    def __init__(
        self, attendees: Sequence[Attendee], start: datetime, end: datetime, length: timedelta
    ) -> None:
        self.attendees, self.length = attendees, length
        self.required = sum(person.required for person in attendees)
        self._first = _rounded_up(start)
        self._places = max(0, (end - length - self._first) // GRID + 1)
        at_work = {person.hours: person for person in attendees}
        self._hours = {hours: _columns(person.at_work(start, end)) for hours, person in at_work.items()}

    def between(self, start: datetime, end: datetime) -> Iterator[Candidate]:
        """Every time on the half hour that fits between the two."""
        place = (_rounded_up(start) - self._first) // GRID
        begins = self._first + place * GRID
        everyone = len(self.attendees)
        while begins + self.length <= end:
            required, free = self._free[0][place], self._free[1][place]
            yield Candidate(begins, begins + self.length, self.required - required, everyone - free, place)
            place, begins = place + 1, begins + GRID

    def absences(self, start: datetime) -> list[tuple[Attendee, str]]:
        """Who could not come at `start`, which may be any moment, and why."""
        end = start + self.length
        reasons = ((person, self.why_not(person, start, end)) for person in self.attendees)
        return [(person, why) for person, why in reasons if why]

    def why_not(self, person: Attendee, start: datetime, end: datetime) -> str:
        """ "" if the person is at work and free, else the reason."""
        starts, ends = self._hours[person.hours]
        current = bisect_right(starts, start) - 1
        if current < 0 or ends[current] < end:
            return person.holiday_at(start) or OUTSIDE
        return BUSY if person.is_busy(start, end) else ""

    def strain(self, candidate: Candidate) -> int:
        """How far it lies outside the working hours of those required, in seconds for all together."""
        bit = 1 << candidate.place
        return sum(
            number * self._outside(hours, candidate)
            for hours, number in self._sharing.items()
            if not self._at_work[hours] & bit
        )

    @cached_property
    def _sharing(self) -> Counter[tuple[object, ...]]:
        """How many of those required share the same hours."""
        return Counter(person.hours for person in self.attendees if person.required)

    @cached_property
    def _at_work(self) -> dict[tuple[object, ...], int]:
        """The times that lie in these hours."""
        spans = {hours: zip(*columns, strict=True) for hours, columns in self._hours.items()}
        return {hours: self._bits(self._inside(span) for span in found) for hours, found in spans.items()}

    @cached_property
    def _free(self) -> tuple[list[int], list[int]]:
        """How many of those required, and of all, are at work and free at each time."""
        alike: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for person in self.attendees:
            busy = self._bits(self._touching(span) for span in zip(*person.taken, strict=True))
            counted = alike[self._at_work[person.hours] & ~busy]
            counted[0] += person.required
            counted[1] += 1
        required, free = [0] * self._places, [0] * self._places
        for bits, (some, all_) in alike.items():
            for place in _set_bits(bits):
                required[place] += some
                free[place] += all_
        return required, free

    def _inside(self, span: Span) -> tuple[int, int]:
        """The first and the last place whose time lies in the span."""
        return -((self._first - span[0]) // GRID), (span[1] - self.length - self._first) // GRID

    def _touching(self, span: Span) -> tuple[int, int]:
        """The first and the last place whose time has a moment in common with the span."""
        before = (span[0] - self.length - self._first) // GRID
        return before + 1, -((self._first - span[1]) // GRID) - 1

    def _bits(self, ranges: Iterable[tuple[int, int]]) -> int:
        found = 0
        for first, last in ranges:
            low, high = max(first, 0), min(last, self._places - 1)
            if low <= high:
                found |= (1 << high + 1) - (1 << low)
        return found

    def _outside(self, hours: tuple[object, ...], candidate: Candidate) -> int:
        """Seconds to the nearest working hours; at most a day."""
        starts, ends = self._hours[hours]
        following = bisect_right(starts, candidate.start)
        gaps = [starts[following] - candidate.start] if following < len(starts) else []
        gaps += [candidate.end - ends[following - 1]] if following else []
        return min([*(int(gap.total_seconds()) for gap in gaps), _DAY_SECONDS])


def _set_bits(bits: int) -> Iterator[int]:
    """The places of the bits that are set."""
    text = bin(bits)[:1:-1]
    place = text.find("1")
    while place >= 0:
        yield place
        place = text.find("1", place + 1)


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


def _columns(spans: Sequence[Span]) -> Columns:
    return [start for start, _ in spans], [end for _, end in spans]
