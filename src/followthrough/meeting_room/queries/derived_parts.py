"""The parts of the room's derived state."""

from __future__ import annotations

from typing import Any

from followthrough.actions.queries import load_of, seen_in_room
from followthrough.causes.drawing import fishbone
from followthrough.causes.queries import tree_of
from followthrough.causes.tree_checks import checks_of
from followthrough.live.protocol import Payload, person_json
from followthrough.meeting_room import recurrence_hints, similar_incidents
from followthrough.meeting_room.impact_cost import impact_of
from followthrough.meeting_room.queries.closing_round import closing_round
from followthrough.meeting_room.queries.facilitator_view import facilitator_view
from followthrough.meeting_room.queries.prompts import prompts_of
from followthrough.meeting_room.queries.render_input import render_input_of
from followthrough.meeting_room.render_input import RenderInput
from followthrough.meeting_room.wording_hints import wording_of

Json = dict[str, Any]


def derive(number: int, present: frozenset[int]) -> Payload:
    """Everything derived, for all; and what only the facilitator sees."""
    facts = render_input_of(number)
    shared = {
        **_timeline(facts),
        **_causes(facts),
        "gate": _gate(facts),
        "wording": {str(action.pk): wording_of(action, facts) for action in facts.actions},
        "load": _load(facts),
        "impact": impact_of(facts),
        "prompts": prompts_of(facts),
        "round": closing_round(number),
        "recurrences": recurrence_hints.drawn(facts.incident),
        "similar": similar_incidents.similar_to(facts.incident),
    }
    return Payload(shared, facilitator_view(facts, present))


def _timeline(facts: RenderInput) -> Json:
    response = facts.response
    return {
        "strip": facts.strip,
        "silences": [
            {"after": str(gap.after) if gap.after else None, "minutes": gap.minutes, "words": gap.words}
            for gap in response.gaps
        ],
        "stages": [
            {"name": stage.name, "minutes": stage.minutes, "words": stage.words} for stage in response.stages
        ],
    }


def _causes(facts: RenderInput) -> Json:
    tree = tree_of(facts.postmortem)
    return {
        "fishbone": fishbone(facts.incident.title, tree),
        "checks": [
            {"cause": check.cause, "level": check.level, "text": check.text}
            for check in checks_of(tree, names=facts.names)
        ],
    }


def _gate(facts: RenderInput) -> Json:
    gate = facts.gate
    return {
        "ready": gate.ready,
        "covered": gate.covered,
        "total": gate.total,
        "left": [
            {
                "text": left.text,
                "finding": str(left.finding) if left.finding else None,
                "action": str(left.action) if left.action else None,
                "missing": left.missing,
            }
            for left in gate.left
        ],
        "missing": [{"what": row.what, "text": row.name, "reason": row.reason} for row in gate.missing],
    }


def _load(facts: RenderInput) -> list[Json]:
    """How much the owners of this meeting's actions have open altogether."""
    owners = {action.owner.pk: action.owner for action in facts.actions if action.owner}
    loads = load_of(owners.values(), among=seen_in_room(facts.postmortem.pk))
    return [
        {"person": person_json(person), "open": loads[key].open, "late": loads[key].late}
        for key, person in sorted(owners.items(), key=lambda row: row[1].name)
    ]
