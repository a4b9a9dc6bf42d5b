"""Who should come: those closest to the work, each with the reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from followthrough.people.models import User

MANY_PEOPLE = 8
"""Above this a meeting is warned about."""


@dataclass(frozen=True)
class Invitee:
    """Somebody who should come, whether the meeting waits for them, and why they are asked."""

    person: User
    required: bool = True
    reason: str = ""


@dataclass(frozen=True)
class Fact:
    """One reason to ask somebody; the smaller the `rank` the closer to the work."""

    person: User
    reason: str
    rank: int
    required: bool = False


@dataclass(frozen=True)
class Suggestion:
    """Somebody to ask, with the reasons, the closest to the work first."""

    person: User
    reasons: tuple[str, ...]
    required: bool

    @property
    def reason(self) -> str:
        """The reasons as the invitation keeps them."""
        return "; ".join(self.reasons)[:200]


def suggest(facts: Iterable[Fact], *, apart_from: Collection[int] = ()) -> list[Suggestion]:
    """One suggestion for each person of `facts` but those whose key is in `apart_from`, the closest first."""
    known: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.person.pk not in apart_from:
            known[fact.person.pk].append(fact)
    ranked = sorted(
        (sorted(rows, key=lambda row: row.rank) for rows in known.values()),
        key=lambda rows: (not any(row.required for row in rows), rows[0].rank, rows[0].person.name),
    )
    return [
        Suggestion(
            rows[0].person,
            tuple(dict.fromkeys(row.reason for row in rows)),
            required=any(row.required for row in rows),
        )
        for rows in ranked
    ]


def warning(people: int) -> str:
    """What to say of so many people, "" up to eight."""
    if people <= MANY_PEOPLE:
        return ""
    return (
        f"{people} people are more than {MANY_PEOPLE}: most would listen rather than talk. "
        "Keep those closest to the work, and send the others the summary."
    )
