"""What is searched: rooms above say of each kind what is found of a record, and who may find it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from followthrough.people.models import User
from followthrough.search.models import Passage

HEAD, RECORD, SHARED = "head", "record", "shared"
"""Tiers: what has a page of its own, what stands in the record of an incident, and what readers were given."""

Draw = Callable[[Any], Passage | None]
"""The passage of a record; None for one that nobody is to find, such as a removed one."""
Audience = Callable[[User, Collection[Passage]], Iterable[Passage]]
"""Those of the passages that somebody may know of; a fixed number of queries."""


@dataclass(frozen=True)
class Source:
    """One kind of thing that is found. `rows` are all records of it, with what `draw` needs; one that is not
    `followed` in the log is kept by the operations that write it."""

    kind: str
    heading: str
    model: type[Model]
    rows: Callable[[], QuerySet[Any]]
    draw: Draw
    seen_by: Audience
    followed: bool = True


@dataclass(frozen=True)
class Place:
    """A page or something to do, found by its name and by `words`; `who` may: "everyone", "member", "administrator"."""

    name: str
    address: str
    words: str = ""
    who: str = "member"
    does: bool = False


Notes = Callable[[Collection[int]], Mapping[int, str]]
"""(numbers of incidents) -> {number: what is said beside it wherever it is found}; one query."""

SOURCES: dict[str, Source] = {}
NOTES: dict[str, Notes] = {}
"""By the kind of what is found."""
PLACES: list[Place] = []


def add_places(places: Sequence[Place]) -> None:
    """Called once by the room that knows all pages, from its ready()."""
    PLACES[:] = places
