"""Actions for programs: added as one line, as people say them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from ninja import Router, Schema, Status
from pydantic import Field

from followthrough.actions.action_line import LONGEST, Part
from followthrough.actions.models import ActionItem
from followthrough.actions.operations.typed_lines import add_typed
from followthrough.causes.queries import find_finding
from followthrough.incidents.api import Problem
from followthrough.incidents.queries.search import key_in
from followthrough.people.access import PersonRequest
from followthrough.people.api import acting_member
from followthrough.postmortems import queries as postmortems

router = Router(tags=["Actions"])


class ActionLineIn(Schema):
    """An action as one says it: "add an alert on latency by Friday, owned by Priya !high". Days are those of the token's
    owner, names those of people who may see the incident. After the meeting, `finding` is the one that it answers, or
    `no_finding_reason` says where it comes from. Parts named in `as_words` are left in the text."""

    line: str = Field(max_length=LONGEST)
    as_words: list[Part] = []
    finding: UUID | None = None
    no_finding_reason: str = Field("", max_length=300)


class ActionOut(Schema):
    """An action as it stands; `owner` is a name, and null while nobody is."""

    key: str
    incident: str
    text: str
    owner: str | None
    due_on: date | None
    priority: str
    kind: str
    state: str


@router.post(
    "/{key}/actions/",
    response={201: ActionOut, 404: Problem, 422: Problem},
    summary="Add an action, said in one line",
)
def add_action(request: PersonRequest, key: str, body: ActionLineIn) -> Status[dict[str, Any]]:
    """What the line says of owner, date and priority is read as in the room. 422 where a name could be several people."""
    person = acting_member(request)
    postmortem = postmortems.find(person, key_in(key) or 0)
    finding = find_finding(postmortem, body.finding) if body.finding else None
    said = body.dict(exclude={"finding"})
    return Status(201, shown(add_typed(postmortem, finding=finding, by=person, **said)))


def shown(action: ActionItem) -> dict[str, Any]:
    plain = ("key", "text", "due_on", "priority", "kind", "state")
    return {name: getattr(action, name) for name in plain} | {
        "incident": action.postmortem.incident.key,
        "owner": action.owner.name if action.owner else None,
    }
