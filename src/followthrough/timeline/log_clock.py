"""The times of a log, which is read in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo

from followthrough.core.timestamps import Day, NumericDay, RelativeDay, Stamp
from followthrough.timeline.typed_times import candidates, place, time_outside

_OUT_OF_ORDER = timedelta(hours=1)


@dataclass(frozen=True)
class Assumed:
    """What a log left open: the day it is of, the zone of its clock, and how 05/06 was read, "day" first or "month"."""

    day: bool = False
    zone: bool = False
    order: str = ""


class LogClock:
    """The times of a log that is read in order: a clock time that steps back by more than an hour is the next
    day's, and a smaller step back is a line written out of order; so is a larger one where the next day lies
    outside of the incident and this one within.

    `day_first` says how 05/06 is read; None leaves it to the log.
    """

    def __init__(
        self, *, start: datetime, zone: tzinfo, end: datetime | None, day_first: bool | None = None
    ) -> None:
        self._start, self._zone, self._end = start, zone, end
        self._own_zone: tzinfo | None = None
        self._day_first = day_first
        self._latest: datetime | None = None
        self._floor: datetime | None = None
        self.assumed = Assumed()

    def speak_in(self, zone: tzinfo | None) -> None:
        """The log says what zone its times are in from here on; None: it does not."""
        self._own_zone = zone

    def settle_order(self, stamps: Iterable[Stamp]) -> None:
        """Finds out from all of a log's days whether 05/06 is the fifth of June or the sixth of May."""
        days = [stamp.day for stamp in stamps if isinstance(stamp.day, NumericDay)]
        if self._day_first is not None or not days:
            return
        if any(day.one > 12 or day.other > 12 for day in days):
            self._day_first = any(day.one > 12 for day in days)
            return
        away = {order: self._days_away(days[0].ordered(day_first=order)) for order in (True, False)}
        self._day_first = away[True] <= away[False]
        if any(day.one != day.other for day in days):
            self.assumed = replace(self.assumed, order="day" if self._day_first else "month")

    def _days_away(self, day: Day | None) -> int:
        near = day.near(self._start.date()) if day else []
        return min((abs((one - self._start.date()).days) for one in near), default=10**6)

    def turn_to(self, day: Day) -> None:
        """The log says that a new day begins here, or that it is of this day where it says no other."""
        settled = self._settled(day)
        if settled is None:
            return
        midnight = Stamp("", "", settled, time(), None, bracketed=False, halved=False)
        near = self._latest or self._start
        self._floor = place(midnight, start=self._start, zone=self._rule, near=near)
        self._latest = None

    def start_anew(self) -> None:
        """Another log begins here."""
        self._latest = self._floor = None

    @property
    def _rule(self) -> tzinfo:
        return self._own_zone or self._zone

    def read(self, stamp: Stamp, *, either_half: bool = False) -> datetime | None:
        """The UTC instant of the next stamp. `either_half`: 2:11 without am or pm may be 14:11.

        `yesterday` and `today` in a log speak of the day it was copied on, which nobody knows: left out.
        """
        stamp = replace(stamp, day=self._settled(stamp.day))
        self.assumed = replace(
            self.assumed,
            day=self.assumed.day or not (stamp.day or self._floor),
            zone=self.assumed.zone or not (stamp.zone or self._own_zone),
        )
        halves = _halves(stamp, either_half=either_half)
        moment = min((moment for said in halves if (moment := self._place(said))), default=None)
        if moment:
            self._latest = max(moment, self._latest or moment)
        return moment

    def _settled(self, day: Day | None) -> Day | None:
        if isinstance(day, RelativeDay):
            return None
        if isinstance(day, NumericDay) and self._day_first is not None:
            return day.ordered(day_first=self._day_first) or day
        return day

    def _place(self, stamp: Stamp) -> datetime | None:
        bounds = [bound for bound in (self._latest and self._latest - _OUT_OF_ORDER, self._floor) if bound]
        if stamp.day or not bounds:
            near = self._latest or self._floor or self._start
            return place(stamp, start=self._start, zone=self._rule, near=near, end=self._end)
        found = candidates(stamp, self._start, self._rule, max(bounds))
        later = min((moment for moment in found if moment >= max(bounds)), default=None)
        return self._out_of_order(found, later) or later

    def _out_of_order(self, found: Iterable[datetime], later: datetime | None) -> datetime | None:
        """The earlier moment that is meant, where the later one lies outside of the incident."""
        if later is None or self._latest is None or not self._is_outside(later):
            return None
        floor = self._floor or datetime.min.replace(tzinfo=later.tzinfo)
        before = [one for one in found if floor <= one < self._latest and not self._is_outside(one)]
        return max(before, default=None)

    def _is_outside(self, moment: datetime) -> bool:
        return bool(time_outside(moment, start=self._start, end=self._end))


def _halves(stamp: Stamp, *, either_half: bool) -> list[Stamp]:
    clock = stamp.clock
    if clock is None or not either_half or stamp.halved or clock.hour > 12:
        return [stamp]
    return [replace(stamp, clock=clock.replace(hour=clock.hour % 12 + later)) for later in (0, 12)]
