"""Actions that are added after the meeting."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from followthrough.actions.models import ActionItem
from followthrough.actions.operations import add_action, commit
from followthrough.core.errors import DomainError
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem


@transaction.atomic
def add_later(
    postmortem: PostMortem, *, by: User, replaces: ActionItem | None = None, **fields: Any
) -> ActionItem:
    """Adds an action that answers a finding, or says why it answers none; `replaces` is the fix that did not hold.

    Who takes it on themselves with a date has committed to it.
    """
    if replaces is not None and replaces.postmortem_id != postmortem.pk:
        raise DomainError("The action that did not hold belongs to another post-mortem. Nothing was added.")
    if replaces is not None and fields.get("finding") is None:
        fields["finding"] = replaces.finding
        fields["no_finding_reason"] = fields.get("no_finding_reason") or f"In place of {replaces.key}"
    if fields.get("finding") is None and not str(fields.get("no_finding_reason", "")).strip():
        raise DomainError(
            "Choose the finding that it answers, or say where it comes from.", field="no_finding_reason"
        )
    if fields.get("finding") is not None:
        fields["no_finding_reason"] = ""
    action = add_action(postmortem, by=by, replaces=replaces, **fields)
    return commit(action, by=by) if action.owner == by and action.due_on else action
