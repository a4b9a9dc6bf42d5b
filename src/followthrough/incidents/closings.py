"""What post-mortems closed without, in the words of every list, page and file that names one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from followthrough.core.phrasing import listed

Finder = Callable[[Collection[int]], Mapping[int, Sequence[str]]]
_finders: list[Finder] = []


def offer(finder: Finder) -> None:
    """Lets a room above say what is missing; called from an AppConfig's ready()."""
    _finders.append(finder)


def missing_of(numbers: Collection[int]) -> dict[int, list[str]]:
    """{number of an incident: what its post-mortem closed without}, of those that lack something."""
    return {key: list(parts) for finder in _finders for key, parts in finder(numbers).items()}


def words_of(numbers: Collection[int]) -> dict[int, str]:
    """The same in words."""
    return {key: in_words(parts) for key, parts in missing_of(numbers).items()}


def in_words(parts: Sequence[str]) -> str:
    """ "closed without timeline, causes and actions"; "" where nothing is missing."""
    return f"closed without {listed(parts)}" if parts else ""
