"""SVG elements: presentation attributes only, no styles, no scripts, and one escaping for all that people wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

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
    """`text` as it may stand between tags and in quoted attributes; what no XML may hold is left out."""
    return str(escape(_NOT_XML.sub("", text)))


def fill(markup: str, *values: object) -> SafeString:
    """`markup` with its {} filled in: all values are escaped but those that this module made."""
    return format_html(markup, *map(_allowed, values))


def fill_each(markup: str, rows: Iterable[Sequence[object]]) -> SafeString:
    """`markup` once for each row of values."""
    return SafeString("".join(fill(markup, *row) for row in rows))


def _allowed(value: object) -> object:
    return _NOT_XML.sub("", value) if isinstance(value, str) and not isinstance(value, SafeString) else value


def number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def counted(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
