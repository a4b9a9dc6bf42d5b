"""What only the facilitator sees: who has not spoken, and wording that could be kinder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from followthrough.live.wire import face
from followthrough.meetings.models import Answer, Observation, ParkedItem
from followthrough.meetings.room.facts import Facts
from followthrough.meetings.room.wordings import blame_in
from followthrough.people.models import User

Json = dict[str, Any]
MOST_HINTS = 30


def for_the_facilitator(facts: Facts, present: frozenset[int]) -> Mapping[int, Json]:
    """{the facilitator's id: their part of the drawing}, empty where nobody facilitates."""
    facilitator = facts.postmortem.facilitator_id
    if facilitator is None:
        return {}
    quiet = _not_spoken(facts, present - {facilitator})
    hints = [*_hints("timeline.entry", facts.entries, facts), *_hints("causes.cause", facts.causes, facts)]
    return {facilitator: {"facilitator": {"not_spoken": quiet, "blame": hints[:MOST_HINTS]}}}


def _not_spoken(facts: Facts, present: frozenset[int]) -> list[Json]:
    """Who is here and has written nothing yet; anonymous words cannot be counted."""
    spoken = {entry.author_id for entry in facts.entries}
    spoken |= {cause.author_id for cause in facts.causes} | {action.author_id for action in facts.actions}
    for kind in (Answer, ParkedItem, Observation):
        said = kind._default_manager.filter(postmortem=facts.postmortem, removed_at=None)
        spoken.update(said.values_list("author", flat=True))
    quiet = User.objects.filter(pk__in=present - spoken).order_by("name", "pk")
    return [face(person) for person in quiet]


def _hints(kind: str, rows: Iterable[Any], facts: Facts) -> list[Json]:
    return [
        {
            "kind": kind,
            "id": str(row.pk),
            "quoted": row.text[slice(*hint.span)] if hint.span else row.text,
            "reason": hint.reason,
            "question": hint.question,
            "rewrite": hint.rewrite or "",
        }
        for row in rows
        for hint in blame_in(row.text, facts.names)
    ]
