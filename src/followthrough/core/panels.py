"""Places on a page that rooms above may fill, so that lower rooms need not know them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

Panel = Callable[[HttpRequest, Any], str]
"""(request, the page's subject) -> safe HTML, or "" for nothing."""

_panels: dict[str, list[tuple[int, Panel]]] = defaultdict(list)


def add_panel(place: str, panel: Panel, *, order: int) -> None:
    """Registers `panel` for `place`; called from an AppConfig's ready()."""
    _panels[place].append((order, panel))
    _panels[place].sort(key=lambda row: row[0])


def draw_panels(place: str, request: HttpRequest, subject: Any) -> list[str]:
    """The HTML of each panel of `place` that has something to say, in order."""
    return [html for _, panel in _panels[place] if (html := panel(request, subject))]
