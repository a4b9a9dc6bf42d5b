"""The few marks that the drawings of causes are made of: presentation attributes only, no styles, no scripts."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Pen:
    """Draws in the colours of a palette, by the style sheet's names without dashes ("broke-bg"), or in var(--…)."""

    def __init__(self, palette: Mapping[str, str] | None) -> None:
        self._palette = palette

    def colour(self, name: str) -> str:
        return f"var(--{name})" if self._palette is None else escaped(self._palette[name])

    def line(self, path: str, colour: str, *, width: float = 1.5) -> str:
        return f'<path d="{path}" fill="none" stroke="{self.colour(colour)}" stroke-width="{number(width)}"/>'

    def box(
        self, place: tuple[float, float, float, float], *, fill: str, edge: str = "", round_by: float = 8
    ) -> str:
        """A rectangle at (x, y, width, height)."""
        x, y, width, height = map(number, place)
        stroke = f' stroke="{self.colour(edge)}"' if edge else ""
        return (
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{number(round_by)}"'
            f' fill="{self.colour(fill)}"{stroke}/>'
        )

    def text(
        self,
        words: str,
        x: float,
        y: float,
        *,
        size: float,
        colour: str,
        weight: int = 400,
        anchor: str = "start",
    ) -> str:
        """One line whose base is at `y`."""
        bold = f' font-weight="{weight}"' if weight != 400 else ""
        at = f' text-anchor="{anchor}"' if anchor != "start" else ""
        fill = self.colour(colour)
        return (
            f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}" fill="{fill}"{bold}{at}>'
            f"{escaped(words)}</text>"
        )

    def picture(self, parts: Sequence[str], *, width: float, height: float, name: str, sentence: str) -> str:
        """The whole as one <svg> that says in a sentence what it shows."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" viewBox="0 0 {number(width)} {number(height)}"'
            f' role="img" aria-label="{escaped(sentence)}" font-family="{self.colour("sans")}">'
        )
        return "\n".join([head, *parts, "</svg>"])


def escaped(text: str) -> str:
    return html.escape(_NOT_XML.sub("", text))


def number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def counted(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
