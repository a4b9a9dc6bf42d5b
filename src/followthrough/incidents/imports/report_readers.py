"""A place that a room above fills: what a report holds beside its incident's own facts, read while importing.

The timeline, causes and actions have their rooms above this one; what they are told here becomes their records.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from followthrough.incidents.models import Incident
from followthrough.people.models import User


@dataclass(frozen=True)
class Told:
    """What one row tells: its text, its cells for causes and actions, and when the incident was."""

    text: str
    causes: tuple[str, ...]
    actions: tuple[str, ...]
    began: datetime | None
    ended: datetime | None
    zone: str
    source: str


@dataclass(frozen=True)
class Parts:
    """What would become records, in words, and how to write it; `rest` is the text without it.

    `first_at` is the earliest moment of its timeline.
    """

    holds: str
    rest: str
    first_at: datetime | None
    remarks: tuple[str, ...]
    write: Callable[[Incident, User | None], None]


Reader = Callable[[Told], Parts | None]
_readers: list[Reader] = []


def offer(reader: Reader) -> None:
    """Called once, from the ready() of the room that reads reports."""
    _readers[:] = [reader]


def parts_of(told: Told) -> Parts | None:
    """None where nothing in it would become a record of its own."""
    return _readers[0](told) if _readers else None
