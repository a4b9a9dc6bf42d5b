"""Places on a page that rooms above may fill, so that lower rooms need not know them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

Panel = Callable[[HttpRequest, Any], str]
"""(request, the page's subject) -> safe HTML, or "" for nothing."""

Notes = Callable[[HttpRequest, list[Any]], dict[Any, str]]
"""(request, the records of a list) -> {primary key: safe HTML}, with a fixed number of queries."""

KEPT_SECONDS = 60
"""What only the clock or another subject changes, such as an action that is late since midnight, is seen after them."""

_notes: dict[str, list[Notes]] = defaultdict(list)
_panels: dict[str, list[tuple[int, bool, Panel]]] = defaultdict(list)


def add_panel(place: str, panel: Panel, *, order: int, kept: bool = False) -> None:
    """Registers `panel` for `place`; called from an AppConfig's ready().

    A panel that may be `kept` says the same to all who see the page, and has no form in it.
    """
    _panels[place].append((order, kept, panel))
    _panels[place].sort(key=lambda row: row[0])


def render_panels(place: str, request: HttpRequest, subject: Any, *, version: str = "") -> list[str]:
    """The HTML of each panel of `place` that has something to say, in order.

    Those that may be kept are drawn once for each `version` of the page, a text that changes with all that they show.
    """
    drawn = (_draw(place, row, request, subject, version) for row in _panels[place])
    return [html for html in drawn if html]


def _draw(place: str, row: tuple[int, bool, Panel], request: HttpRequest, subject: Any, version: str) -> str:
    _, kept, panel = row
    if not kept or not version:
        return panel(request, subject)
    key = f"panel:{place}:{panel.__module__}.{panel.__qualname__}:{version}"
    return str(cache.get_or_set(key, lambda: panel(request, subject), KEPT_SECONDS))


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
