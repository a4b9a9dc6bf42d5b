"""Text metrics: how wide text is and where its lines break, where nothing can be measured: on the server."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

# Widths in ems, a little more than Inter takes; other sans-serifs are about as wide.
_WIDTHS = {
    **dict.fromkeys(" '’.,:;Iijl", 0.3),
    **dict.fromkeys('!"()/[]\\frt{}|‹›', 0.4),
    **dict.fromkeys("1-^_`–“”*s?", 0.5),
    **dict.fromkeys("7FJLacekvxyzEéäà", 0.58),
    **dict.fromkeys("mM%…→", 0.93),
    **dict.fromkeys("@W—", 1.0),
}
_CAPITALS = 0.76
_USUAL = 0.63
_WIDE = 1.05
_WORD = re.compile(r"\S{1,1000}")
_MOST_LETTERS = 500
"""Of one line: combining marks take no width, so they would go on without end."""


def text_width(text: str, size: float) -> float:
    """How wide `text` is at most, in the unit of `size`."""
    return sum(_ems(letter) for letter in text) * size


def wrap_text(text: str, *, width: float, size: float, most: int) -> list[str]:
    """`text` in at most `most` lines that fit `width`; what is left over ends in an ellipsis."""
    lines = list(islice(_lines(text, width / size), most + 1))
    if len(lines) <= most:
        return lines
    last, _ = _cut(lines[most - 1], width / size - _ems("…"))
    return [*lines[: most - 1], f"{last.rstrip(' ,;:.')}…"]


def _lines(text: str, room: float) -> Iterator[str]:
    """Each line as soon as it is full, `room` in ems: of a long text only the first are ever needed."""
    line, taken = "", 0.0
    for found in _WORD.finditer(text):
        for part, wide in _parts(found[0], room):
            beside = taken + _ems(" ") + wide
            if line and beside > room:
                yield line
                line = ""
            line, taken = (f"{line} {part}", beside) if line else (part, wide)
    if line:
        yield line


def _parts(word: str, room: float) -> Iterator[tuple[str, float]]:
    """The word, cut where it is wider than a whole line, with the width of each part."""
    while word:
        part, wide = _cut(word, room)
        if not part:
            part, wide = word[0], _ems(word[0])
        yield part, wide
        word = word[len(part) :]


def _cut(text: str, room: float) -> tuple[str, float]:
    """As much of the beginning as fits `room`, and its width; no more marks than letters have are kept together."""
    taken = 0.0
    for at, letter in enumerate(text):
        wide = _ems(letter)
        if taken + wide > room or at >= _MOST_LETTERS:
            return text[:at], taken
        taken += wide
    return text, taken


def _ems(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if unicodedata.combining(letter):
        return 0.0
    if letter.isascii():
        return _CAPITALS if letter.isupper() or letter in "w&#+<=>~$" else _USUAL
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else 0.8
