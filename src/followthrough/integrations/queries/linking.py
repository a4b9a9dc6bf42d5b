"""Reading which action is which issue, and what both sides say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from followthrough.actions.models import ActionItem
from followthrough.activity.models import Activity
from followthrough.core.errors import NotFound
from followthrough.incidents.models import Incident
from followthrough.integrations.issue_text import title_of
from followthrough.integrations.models import IssueLink
from followthrough.integrations.tracker_contract import BEGUN, DECLINED, DONE, OPEN, Details, IssueRef

S = ActionItem.State
_FIELDS = {"text": "title", "state": "state", "owner": "owner", "due_on": "due"}
_LATEST_ROWS = 50
SHOWN = (IssueLink.State.PENDING, IssueLink.State.LINKED, IssueLink.State.GONE)


def links_of(action: ActionItem) -> QuerySet[IssueLink]:
    """The issues of an action, with their connections."""
    rows = IssueLink.objects.filter(action=action, state__in=SHOWN, connection__removed_at=None)
    return rows.select_related("connection").order_by("created_at", "pk")


def links_among(actions: Collection[UUID]) -> QuerySet[IssueLink]:
    rows = IssueLink.objects.filter(action__in=actions, connection__removed_at=None).exclude(key="")
    return rows.filter(state__in=SHOWN).order_by("created_at", "pk")


def find_link(action: ActionItem, key: UUID) -> IssueLink:
    link = links_of(action).filter(pk=key).first()
    if link is None:
        raise NotFound("This action has no such issue any more.")
    return link


def with_facts(rows: QuerySet[IssueLink]) -> QuerySet[IssueLink]:
    """With all that the two functions below read."""
    return rows.select_related("action__postmortem__incident", "action__finding", "connection")


def link_of(connection: UUID, ref: IssueRef, marker: str = "") -> IssueLink | None:
    """The link of an issue; one that waits to be made, or has moved, is known by its marker."""
    rows = IssueLink.objects.filter(connection=connection)
    found = rows.filter(target=ref.target, issue=ref.id).exclude(state=IssueLink.State.UNLINKED).first()
    if found or not marker:
        return found
    key = _uuid(marker)
    return rows.filter(pk=key).exclude(state=IssueLink.State.UNLINKED).first() if key else None


def is_restricted(action: ActionItem) -> bool:
    return action.postmortem.incident.visibility == Incident.Visibility.RESTRICTED


def values_here(link: IssueLink, accounts: Mapping[int, str], *, tells_begun: bool) -> dict[str, str | None]:
    """What the action says, in the words of trackers. Of a restricted incident, where others read, its key only."""
    action = link.action
    says_nothing = is_restricted(action) and not link.is_private
    return {
        "title": f"Follow-up {action.key}" if says_nothing else title_of(action.text),
        "state": _state(link, tells_begun=tells_begun),
        "owner": accounts.get(action.owner_id or 0) or None,
        "due": action.due_on.isoformat() if action.due_on else None,
    }


def _state(link: IssueLink, *, tells_begun: bool) -> str:
    action = link.action
    if action.removed_at or action.state == S.DECLINED:
        return DECLINED if link.connection.closes_declined else OPEN
    if action.state in ActionItem.FINISHED:
        return DONE
    return BEGUN if tells_begun and action.state == S.IN_PROGRESS else OPEN


def details_of(link: IssueLink) -> Details:
    """Where the issue comes from, with our link; of a restricted incident the action's key and address only."""
    action = link.action
    lines = []
    if not is_restricted(action):
        incident = action.postmortem.incident
        lines.append(
            ("From the post-mortem of", str(incident), settings.BASE_URL + incident.get_absolute_url())
        )
        if action.finding:
            lines.append(("Answers the finding", action.finding.text[:500], ""))
        lines.append(("Kind", action.get_kind_display(), ""))
        lines.append(("Priority", action.get_priority_display(), ""))
    due = action.due_on.isoformat() if action.due_on else None
    address = settings.BASE_URL + action.get_absolute_url()
    return Details(str(link.pk), action.key, address, lines, due)


def digest_of(details: Details) -> str:
    """Changes with what the details say but for the date, which is a field of its own."""
    said = json.dumps([details.key, details.url, *details.lines])
    return hashlib.sha256(said.encode()).hexdigest()


def changed_here_at(action: ActionItem) -> dict[str, datetime]:
    """When each field last changed here, by what the log still says; one query."""
    rows = Activity.objects.filter(kind=ActionItem._meta.label_lower, record=str(action.pk))
    found: dict[str, datetime] = {}
    for at, changes in rows.order_by("-seq").values_list("at", "changes")[:_LATEST_ROWS]:
        for name in changes:
            if name in _FIELDS:
                found.setdefault(_FIELDS[name], at)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
