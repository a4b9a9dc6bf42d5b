"""What a timeline shows of the response: how long each stage took, silences, handoffs between teams.

All times are aware and in UTC, as they are stored.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

MILESTONES: Final = ("started", "detected", "acknowledged", "mitigated", "resolved")
STAGES: Final = ("detect", "acknowledge", "mitigate", "resolve")

_FEWEST_TO_COMPARE = 5
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Moment:
    """One entry as far as the analysis needs it. `milestone` and `team` are "" where there is none."""

    happened_at: datetime
    kind: str = "observation"
    milestone: str = ""
    team: str = ""


@dataclass(frozen=True)
class Silence:
    """A span without an entry while the incident was open."""

    began: datetime
    ended: datetime

    @property
    def minutes(self) -> int:
        """Whole minutes, rounded down."""
        return (self.ended - self.began) // _MINUTE


@dataclass(frozen=True)
class Stage:
    """One stage of the response: what it ends with as a verb, its bounds and its length.

    `minutes` is None unless both bounds are known and in order; `warning` says so if they are not in order.
    """

    name: str
    began: datetime | None
    ended: datetime | None
    minutes: float | None
    warning: str = ""


@dataclass(frozen=True)
class Handoff:
    """The work going from one team to another ("" where not known).

    `minutes` counts from the giving team's last entry to the receiving team's first, None where one of them is
    not known. `marked` is False where nobody wrote a handoff and only the teams of the entries changed.
    """

    happened_at: datetime
    from_team: str
    to_team: str
    minutes: float | None
    marked: bool


@dataclass(frozen=True)
class Comparison:
    """How a stage compares with the past: `usual` in minutes (the median), `ratio` to it, and in words."""

    usual: float
    ratio: float
    words: str


def silences(
    moments: Iterable[Moment],
    started: datetime,
    ended: datetime,
    *,
    at_least: timedelta = timedelta(minutes=10),
) -> list[Silence]:
    """The spans of `at_least` without an entry between `started` and `ended`, in order."""
    inside = sorted(moment.happened_at for moment in moments if started < moment.happened_at < ended)
    spans = pairwise([started, *inside, ended])
    return [Silence(began, until) for began, until in spans if until - began >= at_least]


def stages(milestones: Mapping[str, datetime]) -> list[Stage]:
    """The four stages from started to resolved; milestones that are not known are left out of `milestones`."""
    return [
        _stage(name, first, last, milestones)
        for name, (first, last) in zip(STAGES, pairwise(MILESTONES), strict=True)
    ]


def _stage(name: str, first: str, last: str, milestones: Mapping[str, datetime]) -> Stage:
    began, ended = milestones.get(first), milestones.get(last)
    if began is None or ended is None:
        return Stage(name, began, ended, None)
    if ended < began:
        return Stage(
            name, began, ended, None, f"{last.capitalize()} is earlier than {first}. One of them is wrong."
        )
    return Stage(name, began, ended, (ended - began) / _MINUTE)


def handoffs(moments: Iterable[Moment]) -> list[Handoff]:
    """The handoffs in order of time: entries marked as one, and entries of another team than the last.

    A marked one that names no receiver is completed by the next team that writes.
    """
    found: list[Handoff] = []
    holder: Moment | None = None
    for moment in sorted(moments, key=lambda one: one.happened_at):
        marked = moment.kind == "handoff"
        if holder and moment.team and moment.team != holder.team:
            open_one = found.pop() if found and found[-1].to_team == "" else None
            found.append(_received(holder, moment, open_one, marked=marked))
        elif marked:
            from_team, to_team = (holder.team, "") if holder else ("", moment.team)
            found.append(Handoff(moment.happened_at, from_team, to_team, None, marked))
        holder = moment if moment.team else holder
    return found


def _received(holder: Moment, moment: Moment, open_one: Handoff | None, *, marked: bool) -> Handoff:
    minutes = (moment.happened_at - holder.happened_at) / _MINUTE
    happened_at = open_one.happened_at if open_one else moment.happened_at
    return Handoff(happened_at, holder.team, moment.team, minutes, marked or open_one is not None)


def compared_to_usual(minutes: float, past: Sequence[float], *, service: str = "") -> Comparison | None:
    """`minutes` beside what the stage took before; None with fewer than five past values or a median of 0."""
    known = [value for value in past if math.isfinite(value) and value >= 0]
    if len(known) < _FEWEST_TO_COMPARE or not (usual := median(known)):
        return None
    ratio = minutes / usual
    return Comparison(usual, ratio, f"{_times(ratio)} the usual{f' for {service}' if service else ''}")


def _times(ratio: float) -> str:
    if round(ratio, 1) == 1:
        return "about"
    return f"{ratio:.0f}×" if ratio >= 10 else f"{ratio:.1f}×" if ratio >= 0.1 else "under 0.1×"
