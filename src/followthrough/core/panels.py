"""Places on a page that rooms above may fill, so that lower rooms need not know them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

Panel = Callable[[HttpRequest, Any], str]
"""(request, the page's subject) -> safe HTML, or "" for nothing."""

Notes = Callable[[HttpRequest, list[Any]], dict[Any, str]]
"""(request, the records of a list) -> {primary key: safe HTML}, with a fixed number of queries."""

_notes: dict[str, list[Notes]] = defaultdict(list)
_panels: dict[str, list[tuple[int, Panel]]] = defaultdict(list)


def add_panel(place: str, panel: Panel, *, order: int) -> None:
    """Registers `panel` for `place`; called from an AppConfig's ready()."""
    _panels[place].append((order, panel))
    _panels[place].sort(key=lambda row: row[0])


def render_panels(place: str, request: HttpRequest, subject: Any) -> list[str]:
    """The HTML of each panel of `place` that has something to say, in order."""
    return [html for _, panel in _panels[place] if (html := panel(request, subject))]


def add_row_notes(place: str, notes: Notes) -> None:
    """Registers what another room says about each row of a list; called from an AppConfig's ready()."""
    _notes[place].append(notes)


def render_row_notes(place: str, request: HttpRequest, rows: list[Any]) -> dict[Any, list[str]]:
    """{primary key: the HTML of each room that has something to say about that row}."""
    said: dict[Any, list[str]] = defaultdict(list)
    for notes in _notes[place]:
        for key, html in notes(request, rows).items():
            said[key].append(html)
    return said
