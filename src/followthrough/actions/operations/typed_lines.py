"""Adding an action as people say it: "add an alert on latency by Friday, owned by Priya !high"."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from followthrough.actions.action_line import ActionLine
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import add_action
from followthrough.actions.operations.added_later import add_later
from followthrough.actions.queries.typed_lines import read_typed
from followthrough.causes.models import Finding
from followthrough.core.errors import DomainError
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem


@transaction.atomic
def add_typed(
    postmortem: PostMortem,
    *,
    line: str,
    as_words: Collection[str] = (),
    finding: Finding | None = None,
    no_finding_reason: str = "",
    by: User,
) -> ActionItem:
    """Adds what `line` says with its owner, date and priority, as `by` means them today.

    Parts named in `as_words` are left as the words they are. DomainError for a name that could be several people or
    nobody: nothing is guessed. After the meeting an action answers a finding, or says why it answers none.
    """
    found = read_typed(postmortem.incident, line, by=by, as_words=as_words)
    owner = User.objects.get(pk=found.owner.id) if found.owner else None
    _ask_who(found)
    fields: dict[str, Any] = {"text": found.text, "owner": owner, "due_on": found.due_on, "finding": finding}
    if found.priority:
        fields["priority"] = found.priority
    add = add_later if postmortem.closed_at else add_action
    return add(postmortem, by=by, no_finding_reason=no_finding_reason, **fields)


def _ask_who(found: ActionLine) -> None:
    for said in found.said:
        if said.part != "owner" or len(said.people) == 1:
            continue
        who = " or ".join(f"@{one.email.partition('@')[0]} ({one.name})" for one in said.people)
        meant = (
            f"could mean {who}: write one of these" if who else "is nobody who may own it: write another name"
        )
        raise DomainError(f"“{said.words}” {meant}. Nothing was added.", field="line")
