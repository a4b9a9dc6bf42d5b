"""The facilitator's view: who has not spoken, and wording that could be kinder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from followthrough.live.protocol import person_json
from followthrough.meeting_room.render_input import RenderInput
from followthrough.meeting_room.wording_hints import blame_in
from followthrough.meetings.models import Answer, Observation, ParkedItem
from followthrough.meetings.queries import current
from followthrough.people.models import User

Json = dict[str, Any]
MAX_HINTS = 30


def facilitator_view(facts: RenderInput, present: frozenset[int]) -> Mapping[int, Json]:
    """{the id of each who facilitates: their part of the drawing}, empty where nobody does."""
    meeting = current(facts.postmortem)
    facilitators = {facts.postmortem.facilitator_id, meeting.co_facilitator_id if meeting else None} - {None}
    others = present - facilitators
    quiet = _not_spoken(facts, others)
    hints = [*_hints("timeline.entry", facts.entries, facts), *_hints("causes.cause", facts.causes, facts)]
    seen = {"facilitator": {"others": len(others), "not_spoken": quiet, "blame": hints[:MAX_HINTS]}}
    return dict.fromkeys((person for person in facilitators if person), seen)


def _not_spoken(facts: RenderInput, present: frozenset[int]) -> list[Json]:
    """Who is here and has written nothing yet; anonymous words cannot be counted."""
    spoken = {entry.author_id for entry in facts.entries}
    spoken |= {cause.author_id for cause in facts.causes} | {action.author_id for action in facts.actions}
    for kind in (Answer, ParkedItem, Observation):
        said = kind._default_manager.filter(postmortem=facts.postmortem, removed_at=None)
        spoken.update(said.values_list("author", flat=True))
    quiet = User.objects.filter(pk__in=present - spoken).order_by("name", "pk")
    return [person_json(person) for person in quiet]


def _hints(kind: str, rows: Iterable[Any], facts: RenderInput) -> list[Json]:
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
