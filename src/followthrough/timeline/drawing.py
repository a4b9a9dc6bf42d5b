"""The strip above the timeline as one SVG: stages as bands, entries as dots, silences in amber.

It is drawn on the server for the room (colours from the page's style sheet) and for printed summaries
(`palette=PAPER`). It has presentation attributes only, so a strict content security policy lets it through.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from followthrough.drawing.palette import PAPER
from followthrough.drawing.svg import counted, escaped, number
from followthrough.incidents.event_words import EventWords, words_of
from followthrough.timeline.analysis import Moment, Silence
from followthrough.timeline.axis import Axis, Span, Telling, build_axis

_HEIGHT, _BAND_TOP, _BAND_HEIGHT, _LINE = 92, 24, 26, 72
_NARROWEST_WIDTH, _NARROWEST_BAND, _BETWEEN_BANDS, _PADDING = 320, 30, 2, 8
_DOTS_APART, _TOLD = 6, 3
_TIME_SIZE, _LABEL_SIZE = 11, 12
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = {"d": "day", "h": "hour", "min": "minute", "s": "second"}

_OF_OUTAGES = words_of("outage")

Colour = Callable[[str], str]


@dataclass(frozen=True)
class _Look:
    """How a dot is drawn; `hollow` leaves only its rim."""

    colour: str
    radius: int = 3
    hollow: bool = False


_PLAIN = _Look("ink-3")
_KINDS = {
    "observation": _PLAIN,
    "communication": _Look("ink-3", hollow=True),
    "action": _Look("ink-2"),
    "change": _Look("note"),
    "handoff": _Look("note", hollow=True),
    "alert": _Look("broke"),
    "milestone": _Look("ink", 4),
}
_MORE_TELLING = list(_KINDS)
_MARK = _Look("ink", 4)
_MARKS = {"started": _Look("broke", 4), "resolved": _Look("forward", 4)}


def strip(
    moments: Sequence[Moment],
    milestones: Mapping[str, datetime],
    *,
    zone: ZoneInfo,
    silences: Sequence[Silence] = (),
    days: bool = False,
    words: EventWords = _OF_OUTAGES,
    palette: Mapping[str, str] | None = None,
    width: int = 900,
) -> str:
    """The strip as an <svg> element, `width` (at least 320) by 92 units; times are UTC and shown in `zone`.

    `milestones` holds the known ones by name, `words` how they are called. With `days` it tells dates instead of times. `palette` gives
    concrete colours by the style sheet's names without dashes ("broke-bg"); without it they are var(--broke-bg).
    """
    width = max(width, _NARROWEST_WIDTH)
    happened = [moment.happened_at for moment in moments]
    telling = Telling(words, zone.key if days else "")
    least = max(_NARROWEST_BAND, width / 15)
    axis = build_axis(happened, milestones, telling=telling, width=width, least=least)
    colour = _colours(palette)
    if axis is None:
        return _svg(["No entries yet."], _empty(width, colour), width, colour)
    clock = _Clock(zone, days=days, began=axis.began, ended=axis.ended)
    parts = [
        *_ends(axis, happened, clock, colour),
        *_bands(axis, colour),
        _baseline(width, colour),
        *_silent(axis, silences, colour),
        *_dots(axis, moments, clock, colour, telling),
    ]
    return _svg(_sentences(axis, happened, silences, clock), parts, width, colour)


def _colours(palette: Mapping[str, str] | None) -> Colour:
    if palette is None:
        return lambda name: f"var(--{name})"
    chosen = {**PAPER, **palette}
    return lambda name: escaped(chosen[name])


def _svg(sentences: Sequence[str], parts: Sequence[str], width: int, colour: Colour) -> str:
    label = escaped(" ".join(sentences))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="strip" viewBox="0 0 {width} {_HEIGHT}" role="img"'
        f' aria-label="{label}" font-family="{colour("sans")}">'
    )
    return "\n".join([head, *parts, "</svg>"])


def _empty(width: int, colour: Colour) -> list[str]:
    band = f'<rect y="{_BAND_TOP}" width="{width}" height="{_BAND_HEIGHT}" rx="4" fill="{colour("sunken")}"/>'
    words = _text("No entries yet", 10, 41, _LABEL_SIZE, colour("ink-3"))
    return [band, words, _baseline(width, colour)]


def _text(words: str, x: float, y: int, size: int, fill: str, extra: str = "") -> str:
    return f'<text x="{number(x)}" y="{y}" font-size="{size}" fill="{fill}"{extra}>{escaped(words)}</text>'


def _baseline(width: int, colour: Colour) -> str:
    return f'<path d="M0 {_LINE}H{width}" stroke="{colour("line")}"/>'


class _Clock:
    """Times as the viewer reads them: with the date where the strip runs over several days."""

    def __init__(self, zone: ZoneInfo, *, days: bool, began: datetime, ended: datetime) -> None:
        first, last = began.astimezone(zone), ended.astimezone(zone)
        self._zone, self._days = zone, days
        self._dated = days or first.date() != last.date()
        self._with_year = first.year != last.year

    def __call__(self, moment: datetime) -> str:
        local = moment.astimezone(self._zone)
        year = f" {local.year}" if self._with_year else ""
        date = f"{local.day} {_MONTHS[local.month - 1]}{year}"
        if self._days:
            return date
        return f"{date} {local:%H:%M}" if self._dated else f"{local:%H:%M}"


def _ends(axis: Axis, happened: Sequence[datetime], clock: _Clock, colour: Colour) -> list[str]:
    """The times at both ends, and how many entries lie outside, as far as there is room."""
    first, last = clock(axis.began), clock(axis.ended)
    before = sum(moment < axis.began for moment in happened)
    after = sum(moment > axis.ended for moment in happened)
    left = f"{first} · {before} before" if before else first
    right = f"{last} · {after} after" if after else last if last != first else ""
    if _text_width(left + right, _TIME_SIZE) + 3 * _PADDING > axis.width:
        left, right = first, last
    texts = [_text(left, 0, 12, _TIME_SIZE, colour("ink-3"))]
    if right:
        texts.append(_text(right, axis.width, 12, _TIME_SIZE, colour("ink-3"), ' text-anchor="end"'))
    return texts


def _bands(axis: Axis, colour: Colour) -> list[str]:
    parts = []
    for at, span in enumerate(axis.spans):
        left, right = axis.edges[at], axis.edges[at + 1]
        width = right - left - (_BETWEEN_BANDS if at + 1 < len(axis.spans) else 0)
        parts += _band(span, left, width, colour)
    return parts


def _band(span: Span, left: float, width: float, colour: Colour) -> list[str]:
    known = bool(span.colour)
    fill, ink = (
        (colour(f"{span.colour}-bg"), colour(span.colour)) if known else (colour("sunken"), colour("ink-3"))
    )
    rect = (
        f'<rect x="{number(left)}" y="{_BAND_TOP}" width="{number(width)}" height="{_BAND_HEIGHT}" rx="4"'
        f' fill="{fill}"><title>{escaped(span.labels[0])}</title></rect>'
    )
    room = width - 2 * _PADDING
    label = next((one for one in span.labels if _text_width(one, _LABEL_SIZE) <= room), "")
    weight = ' font-weight="560"' if known else ""
    return [rect, _text(label, left + _PADDING, 41, _LABEL_SIZE, ink, weight)] if label else [rect]


def _text_width(text: str, size: int) -> float:
    """Pixels, never less than a wide sans-serif in bold takes."""
    ems = sum(0.48 if c in "iljtfrI.,:;·()| " else 1.05 if c in "mwMW" else 0.72 for c in text)
    return ems * size


def _silent(axis: Axis, silences: Sequence[Silence], colour: Colour) -> list[str]:
    """Dashes that keep clear of the dots at their ends."""
    parts = []
    for silence in silences:
        left, right = axis.position(silence.began), axis.position(silence.ended)
        if left == right:
            continue
        clear = min(12.0, (right - left) / 4)
        parts.append(
            f'<path d="M{number(left + clear)} {_LINE}H{number(right - clear)}" stroke="{colour("due")}"'
            f' stroke-width="3" stroke-dasharray="3 4"><title>{silence.minutes} min without an entry</title></path>'
        )
    return parts


def _dots(
    axis: Axis, moments: Sequence[Moment], clock: _Clock, colour: Colour, telling: Telling
) -> list[str]:
    """One dot for each entry inside, milestones on top; entries that would hide each other share one."""
    marks = axis.marks()
    marked = {name for name, _, _ in marks}
    inside = [
        moment
        for moment in moments
        if axis.began <= moment.happened_at <= axis.ended and moment.milestone not in marked
    ]
    dots = []
    for group in _close_together(axis, inside):
        told = max(group, key=_weight)
        dots.append(
            _dot(axis.position(group[0].happened_at), _look(told), _title(group, clock), axis, colour)
        )
    for name, at, x in marks:
        title = f"{clock(at)} {telling.milestone(name)}"
        dots.append(_dot(x, _MARKS.get(name, _MARK), title, axis, colour))
    return dots


def _close_together(axis: Axis, moments: Sequence[Moment]) -> list[list[Moment]]:
    """The entries in order of time, in groups whose dots would hide each other."""
    groups: list[list[Moment]] = []
    last = -math.inf
    for moment in sorted(moments, key=lambda one: one.happened_at):
        x = axis.position(moment.happened_at)
        if x - last < _DOTS_APART:
            groups[-1].append(moment)
        else:
            groups.append([moment])
            last = x
    return groups


def _weight(moment: Moment) -> int:
    """How much an entry's kind tells: a dot for several shows the one that tells most."""
    kind = "milestone" if moment.milestone else moment.kind
    return _MORE_TELLING.index(kind) if kind in _KINDS else -1


def _title(group: Sequence[Moment], clock: _Clock) -> str:
    told = [" ".join(filter(None, [clock(one.happened_at), one.kind, one.team])) for one in group[:_TOLD]]
    more = [f"{len(group) - _TOLD} more"] if len(group) > _TOLD else []
    return ", ".join(told + more)


def _look(moment: Moment) -> _Look:
    return _MARK if moment.milestone else _KINDS.get(moment.kind, _PLAIN)


def _dot(x: float, look: _Look, title: str, axis: Axis, colour: Colour) -> str:
    inside = min(max(x, look.radius), axis.width - look.radius)
    ink, surface = colour(look.colour), colour("surface")
    paint = f'fill="{ink}" stroke="{surface}" stroke-width="1.5" paint-order="stroke"'
    radius = float(look.radius)
    if look.hollow:
        paint, radius = f'fill="{surface}" stroke="{ink}" stroke-width="1.5"', radius - 0.5
    return (
        f'<circle cx="{number(inside)}" cy="{_LINE}" r="{number(radius)}" {paint}>'
        f"<title>{escaped(title)}</title></circle>"
    )


def _sentences(
    axis: Axis, happened: Sequence[datetime], silences: Sequence[Silence], clock: _Clock
) -> list[str]:
    """What the picture shows, for those who hear it."""
    stages = ", ".join(_spoken(span.labels[0]) for span in axis.spans if span.labels[0])
    counts = [counted(len(happened), "entry", "entries")]
    counts += [counted(len(silences), "silence", "silences")] if silences else []
    return [f"From {clock(axis.began)} to {clock(axis.ended)}: {stages}.", f"{' and '.join(counts)}."]


def _spoken(label: str) -> str:
    """`8 min to detect` as 8 minutes to detect."""

    def unit(found: re.Match[str]) -> str:
        name = _UNITS[found[2]]
        return f"{found[1]} {name if found[1] == '1' else name + 's'}"

    return re.sub(r"(?<!\d)(\d{1,9}) (d|h|min|s)\b", unit, label)
