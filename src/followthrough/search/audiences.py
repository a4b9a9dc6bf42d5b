"""Who may find what belongs to no incident."""

from __future__ import annotations

from collections.abc import Collection

from followthrough.people.models import User
from followthrough.search.models import Passage


def members(user: User, passages: Collection[Passage]) -> Collection[Passage]:
    """Everyone who takes part: people, teams, services and patterns are theirs to see."""
    return passages if user.is_active and user.is_member else ()
