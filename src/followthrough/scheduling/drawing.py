"""The drawn window: everyone's working hours and engagements as bars, proposed times marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from followthrough.core.times import local
from followthrough.meetings import phrasing
from followthrough.scheduling.availability import Attendee, Span
from followthrough.scheduling.slots import Slot

_MOST_LABELS = 7
_MOST_ROWS = 40
_LAST_LABEL = 92.0
_STEPS = (2, 3, 4, 6, 12, 24, 48, 96)


@dataclass(frozen=True)
class Bar:
    """A stretch of a row; both in per cent of its length."""

    x: float
    width: float
    label: str = ""


@dataclass(frozen=True)
class Row:
    """One person: hours at work and what they have on."""

    person: Attendee
    place: str
    work: list[Bar]
    busy: list[Bar]


@dataclass(frozen=True)
class Picture:
    """The whole drawing; `ticks` are positions with the hour, `days` where each day begins."""

    rows: list[Row]
    window: Bar | None
    slots: list[Bar]
    ticks: list[Bar]
    words: str
    more: int
    """People who were counted but are not drawn."""


def picture(
    attendees: Sequence[Attendee], slots: Sequence[Slot], *, window: Span | None, zone: str
) -> Picture | None:
    """The drawing on the clock of `zone`; None while there is neither a window nor a slot to draw."""
    edges = [*(window or ()), *(slot.starts_at for slot in slots), *(slot.ends_at for slot in slots)]
    if not edges or not attendees:
        return None
    scale = _Scale(_hour(min(edges)), _hour(max(edges) + timedelta(minutes=59)))
    return Picture(
        rows=[_row(person, scale) for person in attendees[:_MOST_ROWS]],
        window=scale.bar(window) if window else None,
        slots=[
            scale.bar((slot.starts_at, slot.ends_at), str(number)) for number, slot in enumerate(slots, 1)
        ],
        ticks=list(_ticks(scale, zone)),
        words=f"{phrasing.day_and_time(scale.start, zone)} to {phrasing.day_and_time(scale.end, zone)}",
        more=max(0, len(attendees) - _MOST_ROWS),
    )


@dataclass(frozen=True)
class _Scale:
    start: datetime
    end: datetime

    def at(self, moment: datetime) -> float:
        share = (moment - self.start) / (self.end - self.start)
        return round(100 * min(1.0, max(0.0, share)), 3)

    def bar(self, span: Span, label: str = "") -> Bar:
        return Bar(self.at(span[0]), round(self.at(span[1]) - self.at(span[0]), 3), label)

    def bars(self, spans: Sequence[Span]) -> list[Bar]:
        return [bar for bar in map(self.bar, spans) if bar.width]


def _row(person: Attendee, scale: _Scale) -> Row:
    work = scale.bars(person.at_work(scale.start, scale.end))
    return Row(person, phrasing.city(person.zone), work, scale.bars(person.busy))


def _ticks(scale: _Scale, zone: str) -> Iterator[Bar]:
    """Full hours at even steps; where a day begins its name takes the room of the hour after it."""
    hours = (scale.end - scale.start) / timedelta(hours=1)
    step = next((step for step in _STEPS if hours / step <= _MOST_LABELS), _STEPS[-1])
    moment, room_from = scale.start, scale.start
    while moment < scale.end:
        there = local(moment, zone)
        is_midnight = there.hour == 0
        if is_midnight or ((there.hour + 24 * there.toordinal()) % step == 0 and moment >= room_from):
            if scale.at(moment) <= _LAST_LABEL:
                yield Bar(
                    scale.at(moment), 0, phrasing.day(moment, zone) if is_midnight else f"{there:%H}:00"
                )
            room_from = moment + timedelta(hours=step * (2 if is_midnight else 1))
        moment += timedelta(hours=1)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
