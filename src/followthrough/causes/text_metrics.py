"""Text metrics: how wide text is and where its lines break, where nothing can be measured: on the server."""

from __future__ import annotations

import unicodedata

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


def text_width(text: str, size: float) -> float:
    """How wide `text` is at most, in the unit of `size`."""
    return sum(_ems(letter) for letter in text) * size


def wrap_text(text: str, *, width: float, size: float, most: int) -> list[str]:
    """`text` in at most `most` lines that fit `width`; what is left over ends in an ellipsis."""
    lines = _lines(text, width, size)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and text_width(f"{last}…", size) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(' ,;:.')}…"]


def _lines(text: str, width: float, size: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in (part for said in text.split() for part in _parts(said, width, size)):
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, size) > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line] if line else lines


def _parts(word: str, width: float, size: float) -> list[str]:
    """The word, cut where it is wider than a whole line."""
    parts, part = [], ""
    for letter in word:
        if part and text_width(part + letter, size) > width:
            parts.append(part)
            part = ""
        part += letter
    return [*parts, part]


def _ems(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if unicodedata.combining(letter):
        return 0.0
    if letter.isascii():
        return _CAPITALS if letter.isupper() or letter in "w&#+<=>~$" else _USUAL
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else 0.8
