"""The causes as a fishbone: a rib for each category, the problem at the head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from followthrough.causes.cause_tree import Node, Step, walk
from followthrough.causes.models import Cause, Finding
from followthrough.drawing.svg import Pen, counted
from followthrough.drawing.text_metrics import text_width, wrap_text

_ROOT_CAUSE = Finding.Kind.ROOT_CAUSE
_UNSORTED = "Not sorted yet"
_SIZE, _LINE, _LABEL_SIZE, _HEAD_SIZE = 12.5, 16.0, 13.0, 14.0
_BETWEEN, _FROM_SPINE, _FROM_LABEL, _LABEL = 9.0, 20.0, 12.0, 18.0
_MOST_LINES, _MOST_OF_A_RIB = 4, 12
_SHORTEST_RIB, _MOST_SLANT, _STEEPEST = 96.0, 130.0, 0.5
_TWIG, _GAP, _INDENT, _DEEPEST_INDENT = 14.0, 16.0, 12.0, 3
_HEAD, _MARGIN, _WIDTH = 190.0, 12.0, 1000.0
_NARROWEST, _WIDEST = 212.0, 330.0


@dataclass(frozen=True)
class _Item:
    """A cause on its rib, `level` steps under the first of its kind there."""

    node: Node
    level: int


@dataclass(frozen=True)
class _Rib:
    """A rib with its items already broken into lines."""

    label: str
    items: list[tuple[_Item, list[str]]]

    @property
    def height(self) -> float:
        lines = sum(len(said) for _, said in self.items)
        return lines * _LINE + (len(self.items) - 1) * _BETWEEN + _FROM_SPINE + _FROM_LABEL


def fishbone(problem: str, causes: Sequence[Node], *, palette: Mapping[str, str] | None = None) -> str:
    """The drawing as an <svg> element. `palette` gives concrete colours by the style sheet's names, for paper."""
    pen = Pen(palette)
    groups = _groups(walk(causes))
    columns = max(1, ceil(len(groups) / 2))
    pitch = min(max((_WIDTH - _HEAD - 80) / columns, _NARROWEST), _WIDEST)
    ribs = [_broken(label, items, pitch) for label, items in groups]
    bones = _Bones(pen, problem, ribs[::2], ribs[1::2], pitch=pitch, columns=columns)
    return pen.picture(
        bones.parts(),
        width=bones.width,
        height=bones.height,
        name="fishbone",
        sentence=_sentence(problem, groups),
    )


def by_category(causes: Sequence[Node]) -> list[tuple[str, list[tuple[str, int]]]]:
    """The fishbone in words: of each rib its name and the causes on it, each with its level there."""
    return [
        (label, [(item.node.text, item.level) for item in items if item.node.text.strip()])
        for label, items in _groups(walk(causes))
    ]


def _groups(steps: list[Step]) -> list[tuple[str, list[_Item]]]:
    """The causes by category; one without takes that of the nearest cause above it that has one."""
    found: dict[str, list[_Item]] = {category: [] for category in [*Cause.Category.values, ""]}
    for step in steps:
        line = [*step.above, step.node]
        own = [node.category for node in line]
        category = next((one for one in reversed(own) if one), "")
        level = sum(1 for at in range(len(step.above)) if _inherited(own[: at + 1]) == category)
        found[category].append(_Item(step.node, min(level, _DEEPEST_INDENT)))
    labels = dict(Cause.Category.choices) | {"": _UNSORTED}
    return [
        (labels[category] if not at else f"{labels[category]}, continued", items[at : at + _MOST_OF_A_RIB])
        for category, items in found.items()
        for at in range(0, len(items), _MOST_OF_A_RIB)
    ]


def _inherited(categories: Sequence[str]) -> str:
    return next((one for one in reversed(categories) if one), "")


def _broken(label: str, items: list[_Item], pitch: float) -> _Rib:
    room = pitch - _TWIG - _GAP - _STEEPEST * _LINE * (_MOST_LINES - 1)
    lines = [
        wrap_text(item.node.text, width=room - item.level * _INDENT, size=_SIZE, most=_MOST_LINES) or ["…"]
        for item in items
    ]
    return _Rib(label, list(zip(items, lines, strict=True)))


def _sentence(problem: str, groups: list[tuple[str, list[_Item]]]) -> str:
    if not groups:
        return f"Fishbone of {problem}: no causes yet."
    count = sum(len(items) for _, items in groups)
    told = ", ".join(f"{label.lower()} {len(items)}" for label, items in groups)
    return f"Fishbone of {problem}: {counted(count, 'cause', 'causes')}; {told}."


class _Bones:
    """Where everything stands. Ribs lean alike, so that what is written between two of them never meets."""

    def __init__(
        self, pen: Pen, problem: str, upper: list[_Rib], lower: list[_Rib], *, pitch: float, columns: int
    ) -> None:
        self._pen, self._upper, self._lower, self._pitch = pen, upper, lower, pitch
        self._head = wrap_text(problem, width=_HEAD - 28, size=_HEAD_SIZE, most=5) or ["The problem"]
        head_half = len(self._head) * 19 / 2 + 14
        self._up = max([_SHORTEST_RIB if upper else head_half, *(rib.height for rib in upper)])
        self._down = max([_SHORTEST_RIB if lower else head_half, *(rib.height for rib in lower)])
        self._slope = min(_STEEPEST, _MOST_SLANT / max(self._up, self._down))
        label = max([0.0, *(text_width(rib.label, _LABEL_SIZE) for rib in [*upper[:1], *lower[:1]])])
        self._first = _MARGIN + label / 2 + self._slope * max(self._up, self._down)
        self._spine = _LABEL + _MARGIN + max(self._up, head_half)
        self._head_left = max(self._first + columns * pitch, _WIDTH - _HEAD - 2)
        self.width = self._head_left + _HEAD + 2
        self.height = self._spine + self._down + (_LABEL if lower else 0) + _MARGIN

    def parts(self) -> list[str]:
        pen = self._pen
        return [
            *(part for at, rib in enumerate(self._upper) for part in self._rib(rib, at, up=True)),
            *(part for at, rib in enumerate(self._lower) for part in self._rib(rib, at, up=False)),
            pen.line(f"M{_MARGIN:g} {self._spine:g}H{self._head_left:g}", "ink-2", width=2),
            *self._problem(),
            *([] if self._upper else self._nothing()),
        ]

    def _problem(self) -> list[str]:
        height = len(self._head) * 19 + 28
        top = self._spine - height / 2
        middle = self._head_left + _HEAD / 2
        return [
            self._pen.box((self._head_left, top, _HEAD, height), fill="broke-bg", edge="broke", round_by=10),
            *(
                self._pen.text(
                    line,
                    middle,
                    top + 28 + at * 19,
                    size=_HEAD_SIZE,
                    colour="broke",
                    weight=600,
                    anchor="middle",
                )
                for at, line in enumerate(self._head)
            ),
        ]

    def _nothing(self) -> list[str]:
        words = "No causes yet. What directly made it happen?"
        return [self._pen.text(words, _MARGIN, self._spine - 14, size=_SIZE, colour="ink-3")]

    def _rib(self, rib: _Rib, at: int, *, up: bool) -> list[str]:
        length = self._up if up else self._down
        outer = self._spine - length if up else self._spine + length
        ends = self._first + at * self._pitch
        begins = ends - self._slope * length
        muted = "ink-3" if rib.label == _UNSORTED else "ink"
        return [
            self._pen.line(f"M{begins:.1f} {outer:.1f}L{ends:.1f} {self._spine:.1f}", "ink-3"),
            self._pen.text(
                rib.label,
                begins,
                outer - 7 if up else outer + 17,
                size=_LABEL_SIZE,
                colour=muted,
                weight=600,
                anchor="middle",
            ),
            *self._items(rib, ends, up=up),
        ]

    def _items(self, rib: _Rib, ends: float, *, up: bool) -> list[str]:
        """The items from top to bottom, spread over the length of the rib."""
        length = self._up if up else self._down
        spread = min((length - rib.height) / (len(rib.items) + 1), 28.0)
        y = self._spine - length + _FROM_LABEL + spread if up else self._spine + _FROM_SPINE + spread
        parts = []
        for item, lines in rib.items:
            height = len(lines) * _LINE
            nearest = y + height if up else y
            left = ends - self._slope * abs(self._spine - nearest) + _TWIG + item.level * _INDENT
            middle = y + _LINE / 2
            on_rib = ends - self._slope * abs(self._spine - middle)
            parts += [self._twig(on_rib, left, middle), *self._words(item, lines, left, y)]
            y += height + _BETWEEN + spread
        return parts

    def _twig(self, on_rib: float, left: float, y: float) -> str:
        return self._pen.line(f"M{on_rib:.1f} {y:.1f}H{left - 4:.1f}", "line", width=1.2)

    def _words(self, item: _Item, lines: list[str], left: float, top: float) -> list[str]:
        is_root = item.node.finding == _ROOT_CAUSE
        colour, weight = ("forward", 600) if is_root else ("ink", 400) if not item.level else ("ink-2", 400)
        return [
            self._pen.text(line, left, top + 12 + at * _LINE, size=_SIZE, colour=colour, weight=weight)
            for at, line in enumerate(lines)
        ]
