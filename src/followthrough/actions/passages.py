"""How actions are found."""

from __future__ import annotations

from followthrough.actions.models import ActionItem
from followthrough.incidents.passages import seen_with_incident
from followthrough.search.models import Passage, passage
from followthrough.search.operations import register
from followthrough.search.sources import HEAD, Source


def register_passages() -> None:
    """Called once, from this room's ready()."""
    register(Source("action", "Actions", ActionItem, ActionItem.objects.all, _action, seen_with_incident))


def _action(action: ActionItem) -> Passage | None:
    if action.removed_at:
        return None
    return passage(
        "action",
        action,
        tier=HEAD,
        title=f"{action.key} {action.text}",
        address=action.get_absolute_url(),
        at=action.created_at,
        incident=action.postmortem_id,
        number=action.key,
    )
