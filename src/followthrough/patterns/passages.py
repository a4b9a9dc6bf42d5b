"""How patterns are found."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from followthrough.patterns.models import Pattern
from followthrough.patterns.queries import LISTED_FIELDS
from followthrough.people.models import User
from followthrough.search.models import Passage, passage
from followthrough.search.operations import register
from followthrough.search.sources import HEAD, Source


def register_passages() -> None:
    """Called once, from this room's ready()."""
    register(Source("pattern", "Patterns", Pattern, Pattern.objects.all, pattern_passage, _listed))


def pattern_passage(pattern: Pattern) -> Passage:
    return passage(
        "pattern",
        pattern,
        tier=HEAD,
        title=pattern.name,
        also="\n".join([*pattern.services, *pattern.categories]),
        address=pattern.get_absolute_url(),
    )


def _listed(user: User, passages: Collection[Passage]) -> Iterable[Passage]:
    """Those that stand on the page of patterns, by each of their names."""
    if not user.is_member:
        return []
    rows = Pattern.objects.filter(LISTED_FIELDS, pk__in=[int(one.key) for one in passages])
    seen = {str(pk) for pk in rows.values_list("pk", flat=True)}
    return [one for one in passages if one.key in seen]
