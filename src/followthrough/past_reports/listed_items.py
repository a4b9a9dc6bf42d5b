"""The items of a section: those of its list, the rows of its table, or its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_ITEM = re.compile(r"(?P<indent>[ \t]{0,8})(?:[-*+•]|\d{1,3}[.)])[ \t]+(?=\S)")
_RULE = re.compile(r"[\s|:-]+")
_DONE_HEAD = re.compile(
    r"[(\[](?:completed|done|finished)[)\]]|^[#*_\s]*(?:completed|done|finished|already)\b(?! by)",
    re.IGNORECASE,
)


@dataclass
class Item:
    """Its words over several lines, the lines it takes, and what stands over it; `cells` of a table's row."""

    words: list[str]
    lines: list[int]
    around: str = ""
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.words).strip()

    @property
    def is_under_done(self) -> bool:
        return bool(_DONE_HEAD.search(self.around))


def items_of(lines: Sequence[str], begin: int, end: int) -> list[Item]:
    """The items between these lines, in order: a table's rows, or a list's items."""
    return _tables(lines, begin, end) or _list(lines, begin, end)


def _list(lines: Sequence[str], begin: int, end: int) -> list[Item]:
    found: list[Item] = []
    around, outermost, current = lines[begin - 1] if begin else "", 0, None
    for number in range(begin, end):
        line = lines[number]
        mark = _ITEM.match(line)
        indent = len(mark["indent"].expandtabs(4)) if mark else len(line) - len(line.lstrip())
        if mark and (current is None or indent <= outermost + 1):
            outermost = indent
            current = Item([line[mark.end() :]], [number], around)
            found.append(current)
        elif not line.strip():
            continue
        elif current and (
            indent >= outermost + 2 or (number - 1 == current.lines[-1] and not line.startswith("#"))
        ):
            current.words.append(line[outermost:])
            current.lines.append(number)
        else:
            around, current = line, None
    return found


def _tables(lines: Sequence[str], begin: int, end: int) -> list[Item]:
    """A row takes the heading and the rule before it along."""
    found: list[Item] = []
    heading: list[str] = []
    before: list[int] = []
    for number in range(begin, end):
        line = lines[number].strip()
        if not line.startswith("|"):
            heading, before = [], []
        elif not heading or _RULE.fullmatch(line):
            heading = heading or [cell.strip(" *_").lower() for cell in _cells(line)]
            before.append(number)
        else:
            cells = dict(zip(heading, _cells(line), strict=False))
            found.append(Item([line], [*before, number], cells=cells))
            before = []
    return [item for item in found if any(item.cells.values())]


def _cells(line: str) -> list[str]:
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))]


def paragraphs_of(lines: Sequence[str], begin: int, end: int) -> list[Item]:
    """The paragraphs between these lines, without headings and comments."""
    found: list[Item] = []
    for number in range(begin, end):
        line = lines[number]
        if not line.strip() or line.startswith(("#", "<!--")):
            continue
        if found and found[-1].lines[-1] == number - 1:
            found[-1].words.append(line)
            found[-1].lines.append(number)
        else:
            found.append(Item([line], [number]))
    return found
