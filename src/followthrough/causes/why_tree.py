"""The causes as a tree of whys, one box below the other, each as far in as it is deep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from followthrough.causes.cause_tree import Node, Step, walk
from followthrough.causes.models import Cause, Finding
from followthrough.causes.tree_checks import is_a_persons_act
from followthrough.drawing.svg import Pen, counted
from followthrough.drawing.text_metrics import text_width, wrap_text

_WIDTH, _MARGIN = 900.0, 1.0
_SIZE, _LINE, _CHIP_SIZE, _CHIP = 14.0, 20.0, 12.0, 22.0
_PADDING, _LABEL, _BETWEEN, _GAP = 16.0, 60.0, 8.0, 14.0
_INDENT, _MOST_INDENT, _MOST_LINES, _MOST_OF_CHIPS = 30.0, 330.0, 6, 290.0
_KINDS = dict(Finding.Kind.choices)
_CATEGORIES = dict(Cause.Category.choices)
_TINTS = {"forward": "forward-bg", "due": "due-bg", "note": "note-bg", "ink-2": "sunken"}


@dataclass(frozen=True)
class _Box:
    """A cause with its words broken and its place: `depth` 0 is the problem."""

    depth: int
    label: str
    lines: list[str]
    chips: list[tuple[str, str]]
    look: tuple[str, str]
    top: float
    left: float

    @property
    def height(self) -> float:
        rows = len(self.chips) if _stacked(self.chips) else 1
        return 2 * _PADDING - 6 + max(len(self.lines) * _LINE, rows * (_CHIP + 4) - 4)


def why_tree(problem: str, causes: Sequence[Node], *, palette: Mapping[str, str] | None = None) -> str:
    """The drawing as an <svg> element. `palette` gives concrete colours by the style sheet's names, for paper."""
    pen = Pen(palette)
    steps = walk(causes)
    boxes = _placed(problem, steps)
    parts = [*_lines_between(pen, boxes), *(part for box in boxes for part in _drawn(pen, box))]
    bottom = boxes[-1].top + boxes[-1].height
    if not steps:
        parts.append(
            pen.text(
                "No causes yet. What directly made it happen?",
                _MARGIN,
                bottom + 26,
                size=_SIZE,
                colour="ink-3",
            )
        )
        bottom += 34
    return pen.picture(
        parts, width=_WIDTH, height=bottom + _MARGIN, name="why-tree", sentence=_sentence(problem, steps)
    )


def _sentence(problem: str, steps: list[Step]) -> str:
    if not steps:
        return f"Why tree of {problem}: no causes yet."
    deepest = max(steps, key=lambda step: step.depth)
    count = counted(len(steps), "cause", "causes")
    return f"Why tree of {problem}: {count}, {deepest.depth} deep, down to {deepest.node.text}."


def _placed(problem: str, steps: list[Step]) -> list[_Box]:
    deepest = max((step.depth for step in steps), default=0)
    indent = min(_INDENT, _MOST_INDENT / max(deepest, 1))
    boxes = [_box(0, "Problem", problem, [], ("surface", "line"), top=_MARGIN, indent=indent)]
    for step in steps:
        top = boxes[-1].top + boxes[-1].height + _BETWEEN
        label, node = f"Why {step.depth}", step.node
        boxes.append(_box(step.depth, label, node.text, _chips(step), _look(step), top=top, indent=indent))
    return boxes


def _box(
    depth: int,
    label: str,
    text: str,
    chips: list[tuple[str, str]],
    look: tuple[str, str],
    *,
    top: float,
    indent: float,
) -> _Box:
    left = _MARGIN + depth * indent
    room = _WIDTH - _MARGIN - left - 2 * _PADDING - _LABEL - _chips_width(chips)
    return _Box(
        depth,
        label,
        wrap_text(text, width=room, size=_SIZE, most=_MOST_LINES) or ["…"],
        chips,
        look,
        top,
        left,
    )


def _chips(step: Step) -> list[tuple[str, str]]:
    """What stands at the end of a box, each with its colour."""
    node = step.node
    names = [_KINDS[node.finding]] if node.finding else []
    names += [_CATEGORIES[node.category]] if node.category else []
    chips = [(" · ".join(names), "forward" if node.finding else "ink-2")] if names else []
    if step.is_leaf and is_a_persons_act(node.text):
        chips.append(("a person's act: what made it look right?", "due"))
    if node.evidence:
        chips.append((counted(node.evidence, "piece of evidence", "pieces of evidence"), "note"))
    return chips


def _look(step: Step) -> tuple[str, str]:
    """The fill and the edge of a box."""
    if step.node.finding:
        return "forward-bg", "forward"
    return "surface", "due" if step.is_leaf and is_a_persons_act(step.node.text) else "line"


def _chip_width(words: str) -> float:
    return text_width(words, _CHIP_SIZE) + 16


def _stacked(chips: list[tuple[str, str]]) -> bool:
    """Whether the chips stand below each other, because side by side they would leave the words no room."""
    return sum(_chip_width(words) for words, _ in chips) > _MOST_OF_CHIPS


def _chips_width(chips: list[tuple[str, str]]) -> float:
    widths = [_chip_width(words) for words, _ in chips]
    if not widths:
        return 0.0
    return _GAP + (max(widths) if _stacked(chips) else sum(widths) + 6 * (len(widths) - 1))


def _lines_between(pen: Pen, boxes: list[_Box]) -> list[str]:
    """From each box down to those that explain it."""
    parts = []
    open_boxes: list[_Box] = []
    for box in boxes:
        del open_boxes[box.depth :]
        if open_boxes:
            above = open_boxes[-1]
            x, middle = above.left + 14, box.top + 22
            parts.append(
                pen.line(
                    f"M{x:.1f} {above.top + above.height:.1f}V{middle:.1f}H{box.left:.1f}", "line", width=2
                )
            )
        open_boxes.append(box)
    return parts


def _drawn(pen: Pen, box: _Box) -> list[str]:
    fill, edge = box.look
    first = box.top + _PADDING + 11
    weight = 600 if box.depth == 0 else 400
    return [
        pen.box(
            (box.left, box.top, _WIDTH - _MARGIN - box.left, box.height), fill=fill, edge=edge, round_by=10
        ),
        pen.text(box.label, box.left + _PADDING, first, size=12, colour="ink-3", weight=600),
        *(
            pen.text(
                line,
                box.left + _PADDING + _LABEL,
                first + at * _LINE,
                size=_SIZE,
                colour="ink",
                weight=weight,
            )
            for at, line in enumerate(box.lines)
        ),
        *_drawn_chips(pen, box),
    ]


def _drawn_chips(pen: Pen, box: _Box) -> list[str]:
    parts = []
    right, top = _WIDTH - _MARGIN - _PADDING, box.top + _PADDING - 5
    on = "surface" if box.look[0] == "forward-bg" else ""
    for words, colour in box.chips if _stacked(box.chips) else reversed(box.chips):
        width = _chip_width(words)
        left, fill = right - width, on or _TINTS[colour]
        parts += [
            pen.box((left, top, width, _CHIP), fill=fill, round_by=11),
            pen.text(
                words,
                left + width / 2,
                top + 15.5,
                size=_CHIP_SIZE,
                colour=colour,
                weight=560,
                anchor="middle",
            ),
        ]
        if _stacked(box.chips):
            top += _CHIP + 4
        else:
            right = left - 6
    return parts
