"""Three-way merge of an action and its issue: by field, with the base versions that both had when they last agreed.

Each side has a base of its own, as one may say what the other cannot: an account that is nobody here, say. What has not
moved on a side since then is no news of it, so that nothing is ever sent back and forth (no ping-pong).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from followthrough.integrations.tracker_contract import FIELDS, Values

OF_TRACKER = frozenset({"state"})
"""Where both sides moved, the tracker has it."""


@dataclass(frozen=True)
class MergeConflict:
    """A field that moved on both sides: what was kept, what was not, and which side it was kept from."""

    field: str
    kept: str | None
    lost: str | None
    from_tracker: bool


@dataclass(frozen=True)
class Merge:
    """What is to be set `here`, what `there`, and where somebody was overruled."""

    here: dict[str, str | None] = field(default_factory=dict)
    there: dict[str, str | None] = field(default_factory=dict)
    conflicts: list[MergeConflict] = field(default_factory=list)


def merge(
    ours: Values,
    theirs: Values,
    *,
    our_base: Values,
    their_base: Values,
    ours_at: Mapping[str, datetime],
    theirs_at: datetime,
) -> Merge:
    """Last writer wins per field. `ours_at` is when each field last changed here, `theirs_at` when the issue did."""
    found = Merge()
    for name in FIELDS:
        if name not in ours or name not in theirs:
            continue
        here, there = ours[name], theirs[name]
        if here == there:
            continue
        moved_here, moved_there = here != our_base.get(name), there != their_base.get(name)
        if moved_here and moved_there:
            _settle(found, name, here, there, is_theirs=_is_theirs(name, ours_at, theirs_at))
        elif moved_there:
            found.here[name] = there
        elif moved_here:
            found.there[name] = here
    return found


def _is_theirs(name: str, ours_at: Mapping[str, datetime], theirs_at: datetime) -> bool:
    return name in OF_TRACKER or name not in ours_at or ours_at[name] < theirs_at


def _settle(found: Merge, name: str, here: str | None, there: str | None, *, is_theirs: bool) -> None:
    if is_theirs:
        found.here[name] = there
        found.conflicts.append(MergeConflict(name, there, here, from_tracker=True))
    else:
        found.there[name] = here
        found.conflicts.append(MergeConflict(name, here, there, from_tracker=False))
