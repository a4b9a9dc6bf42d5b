"""What a process does for its rounds: one copy of the organisation, and one look at what there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fuzz import organisation
from fuzz.report import Found

_template = Path()
_maker: Any = None


def begin(folder: Path) -> None:
    """Once for each process."""
    global _template  # noqa: PLW0603 - a process has one
    _template = folder
    organisation.open_copy(folder)


def play(what: str, seed: int, number: int, count: int) -> Found:
    from fuzz import pages, room

    if what == "room":
        return room.run(_template, seed=seed, number=number, count=count)
    global _maker  # noqa: PLW0603 - made once for each process that asks for pages
    _maker = _maker or pages.maker(_template)
    return pages.run(_template, _maker, seed=seed, number=number, count=count)
