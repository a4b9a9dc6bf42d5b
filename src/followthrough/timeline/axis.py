"""Where each moment stands on the drawn strip: spans between milestones and the scale they make.

The scale is true to time inside a span. A span too short to be seen is widened at the cost of the others, so
that every stage can be read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from followthrough.core.times import calendar_days
from followthrough.incidents.event_words import EventWords
from followthrough.timeline.analysis import MILESTONES, STAGES
from followthrough.timeline.typed_times import format_length

_COLOURS = {"detect": "broke", "acknowledge": "due", "mitigate": "note", "resolve": "forward"}
_SHORT = {"acknowledge": "ack"}


@dataclass(frozen=True)
class Telling:
    """How lengths and milestones are said: in the words of a kind of event, in days of `days_in` where that is a zone."""

    words: EventWords
    days_in: str = ""

    def length(self, began: datetime, ended: datetime) -> str:
        if self.days_in:
            return f"{abs(calendar_days(began, ended, self.days_in))} d"
        return format_length(ended - began)

    def milestone(self, name: str) -> str:
        return self.words.milestone(name).lower()


@dataclass(frozen=True)
class Span:
    """A stretch of the strip between two marks. `colour` is "" where no stage is known; `labels` run from the
    full one to the shortest; `mark` names the milestone it begins with, "" for none."""

    began: datetime
    ended: datetime
    colour: str
    labels: tuple[str, ...]
    mark: str = ""


class Axis:
    """The spans side by side over `width` pixels, none narrower than `least`; `last_mark` stands at the end."""

    def __init__(self, spans: Sequence[Span], *, last_mark: str, width: float, least: float) -> None:
        self.spans, self.last_mark, self.width = spans, last_mark, width
        self.edges = [0.0]
        for share in _widths([span.ended - span.began for span in spans], width, least):
            self.edges.append(self.edges[-1] + share)

    @property
    def began(self) -> datetime:
        return self.spans[0].began

    @property
    def ended(self) -> datetime:
        return self.spans[-1].ended

    def marks(self) -> list[tuple[str, datetime, float]]:
        """The milestones with their times and positions in pixels."""
        begun = [(span.mark, span.began, x) for span, x in zip(self.spans, self.edges, strict=False)]
        return [mark for mark in [*begun, (self.last_mark, self.ended, self.width)] if mark[0]]

    def position(self, moment: datetime) -> float:
        """Pixels from the left; times outside are at the nearer end."""
        at = max(bisect_right([span.began for span in self.spans], moment) - 1, 0)
        span, left, right = self.spans[at], self.edges[at], self.edges[at + 1]
        length = span.ended - span.began
        share = (moment - span.began) / length if length else 0.0
        return left + (right - left) * min(max(share, 0.0), 1.0)


def _widths(lengths: Sequence[timedelta], width: float, least: float) -> list[float]:
    """Widths that add up to `width`, in proportion where that leaves nobody under `least`."""
    least = min(least, width / len(lengths))
    widths = [0.0] * len(lengths)
    time_left, width_left = sum(lengths, timedelta()), width
    by_length = sorted(range(len(lengths)), key=lambda at: lengths[at])
    for done, at in enumerate(by_length):
        share = lengths[at] / time_left if time_left else 1 / (len(lengths) - done)
        widths[at] = max(width_left * share, least)
        time_left -= lengths[at]
        width_left -= widths[at]
    return widths


def build_axis(
    happened: Sequence[datetime],
    milestones: Mapping[str, datetime],
    *,
    telling: Telling,
    width: float,
    least: float,
) -> Axis | None:
    """The axis for the entries' times and the known milestones; None if there is neither."""
    if not happened and not milestones:
        return None
    response = _in_order(milestones)
    if response or not milestones:
        spans, last_mark = _response_spans(
            happened, response, misplaced=milestones.keys() - response.keys(), telling=telling
        )
    else:
        spans, last_mark = _plan_spans(happened, milestones, telling=telling)
    return Axis(spans, last_mark=last_mark, width=width, least=least)


def _in_order(milestones: Mapping[str, datetime]) -> dict[str, datetime]:
    """The response's milestones without those that are earlier than the one before."""
    kept: dict[str, datetime] = {}
    for name in MILESTONES:
        at = milestones.get(name)
        if at is not None and at >= max(kept.values(), default=at):
            kept[name] = at
    return kept


def _response_spans(
    happened: Sequence[datetime],
    known: Mapping[str, datetime],
    *,
    misplaced: AbstractSet[str],
    telling: Telling,
) -> tuple[list[Span], str]:
    """The spans from start to resolution and the milestone at the end; unknown stages are said to be so.

    `misplaced` names the milestones that were left out because they are earlier than the one before.
    """
    marks = list(known.items())
    first, last = min([*happened, *known.values()]), max([*happened, *known.values()])
    if "started" not in known and (not marks or first < marks[0][1]):
        marks.insert(0, ("", first))
    spans = [_stage_span(one, other, misplaced=misplaced, telling=telling) for one, other in pairwise(marks)]
    name, at = marks[-1]
    if name == "resolved" and spans:
        return spans, "resolved"
    return [*spans, Span(at, max(last, at), "", _still_open(name, misplaced, telling), name)], ""


def _still_open(name: str, misplaced: AbstractSet[str], telling: Telling) -> tuple[str, ...]:
    if name == "resolved":
        return ("",)
    if name == "":
        return "milestones not marked", "not marked", ""
    return _unknown([MILESTONES[MILESTONES.index(name) + 1]], misplaced, telling), ""


def _unknown(names: Sequence[str], misplaced: AbstractSet[str], telling: Telling) -> str:
    """`detected not marked`, or that they are marked in an order that cannot be."""
    said = " and ".join(telling.milestone(name) for name in names)
    return f"{said} {'out of order' if misplaced & set(names) else 'not marked'}"


def _stage_span(
    one: tuple[str, datetime], other: tuple[str, datetime], *, misplaced: AbstractSet[str], telling: Telling
) -> Span:
    (first, began), (last, ended) = one, other
    length = telling.length(began, ended)
    missing = MILESTONES[MILESTONES.index(first) + 1 if first else 0 : MILESTONES.index(last)]
    if not missing:
        verb = STAGES[MILESTONES.index(first)]
        return Span(began, ended, _COLOURS[verb], _stage_labels(length, telling.words.stages[last]), first)
    until = telling.milestone(last)
    said = f"{length} from {telling.milestone(first)} to {until}" if first else f"before {until}"
    unknown = _unknown(missing, misplaced, telling)
    return Span(began, ended, "", (f"{said}, {unknown}", said, f"{length}, {unknown}", length, ""), first)


def _stage_labels(length: str, words: str) -> tuple[str, ...]:
    number = length.removesuffix(" min")
    own = words.removeprefix("to ")
    short = _SHORT.get(own, own)
    return f"{length} {words}", f"{number} {words}", f"{number} {short}", length, number, ""


def _plan_spans(
    happened: Sequence[datetime], milestones: Mapping[str, datetime], *, telling: Telling
) -> tuple[list[Span], str]:
    """The spans of an event told in days, between its planned and actual dates in the order they came."""
    marks = sorted(milestones.items(), key=lambda mark: mark[1])
    if happened and min(happened) < marks[0][1]:
        marks.insert(0, ("", min(happened)))
    spans = [_plan_span(one, other, telling=telling) for one, other in pairwise(marks)]
    name, at = marks[-1]
    last = max([at, *happened])
    if spans and last == at:
        return spans, name
    return [*spans, Span(at, last, "", (f"after {telling.milestone(name)}", "after", ""), name)], ""


def _plan_span(one: tuple[str, datetime], other: tuple[str, datetime], *, telling: Telling) -> Span:
    (first, began), (last, ended) = one, other
    length = telling.length(began, ended)
    if last == "actual_end" and first == "planned_end":
        return Span(
            began, ended, "due", (f"{length} past the planned end", f"{length} late", length, ""), first
        )
    return Span(began, ended, "note", (f"{length} to {telling.milestone(last)}", length, ""), first)
