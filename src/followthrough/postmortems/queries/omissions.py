"""What closed post-mortems lack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from followthrough.postmortems.models import Omission


def closed_without(numbers: Collection[int]) -> dict[int, list[str]]:
    """{number of an incident: what its meeting closed without}; one query."""
    rows = Omission.objects.filter(postmortem__in=numbers).exclude(postmortem__closed_at=None)
    missing: dict[int, list[str]] = defaultdict(list)
    for number, what in rows.values_list("postmortem", "what"):
        missing[number].append(what)
    return missing
