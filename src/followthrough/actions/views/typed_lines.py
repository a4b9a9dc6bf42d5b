"""An action read while it is typed: what its line says besides the deed."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse
from django.views.decorators.http import require_POST

from followthrough.actions.action_line import LONGEST, Person, Said
from followthrough.actions.queries.typed_lines import read_typed
from followthrough.incidents import queries as incidents
from followthrough.people.access import PersonRequest, for_members


@require_POST
@for_members
def typed_line(request: PersonRequest, pk: int) -> JsonResponse:
    """What `line` means, but for the parts named in `as_words`; nothing is kept of it."""
    incident = incidents.find(request.user, pk)
    line = request.POST.get("line", "")[: LONGEST + 1]
    found = read_typed(incident, line, by=request.user, as_words=request.POST.getlist("as_words"))
    owner = found.owner
    return JsonResponse(
        {
            "text": found.text,
            "owner": owner.id if owner else None,
            "due_on": found.due_on,
            "priority": found.priority,
            "said": [_said(said) for said in found.said],
        }
    )


def _said(said: Said) -> dict[str, Any]:
    people = [{"id": one.id, "name": one.name, "call": _call(one, said.people)} for one in said.people]
    return {"part": said.part, "words": said.words, "people": people}


def _call(person: Person, people: tuple[Person, ...]) -> str:
    """What to write so that only this person is meant."""
    is_only = sum(other.name == person.name for other in people) == 1
    return f"owned by {person.name}" if is_only else f"@{person.email.partition('@')[0]}"
