"""What follows when actions, incidents or findings change: it waits in the outbox, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.db.models import QuerySet

from followthrough.actions.models import ActionItem
from followthrough.activity.models import Activity
from followthrough.activity.operations import follow, subscribe
from followthrough.causes.models import Finding
from followthrough.incidents.models import Incident
from followthrough.integrations.models import IssueLink, OutboxChange
from followthrough.integrations.operations.linking import follow_actions
from followthrough.integrations.queries.connections import LIVE

_SAID = {"visibility", "title"}
"""What issues say of an incident, or may not say any more."""


def follow_changes() -> None:
    """Called once, from this room's ready()."""
    follow(ActionItem._meta.label_lower, follow_actions)
    follow(Finding._meta.label_lower, _follow_findings)
    subscribe(Incident._meta.label_lower, "changed", _follow_incident)


def _follow_incident(row: Activity, incident: models.Model) -> None:
    if _SAID & row.changes.keys():
        _put_out(IssueLink.objects.filter(action__postmortem=incident.pk), "incident")


def _follow_findings(rows: Sequence[tuple[Activity, models.Model]]) -> None:
    changed = [finding.pk for row, finding in rows if row.verb == "changed"]
    if changed:
        _put_out(IssueLink.objects.filter(action__finding__in=changed), "finding")


def _put_out(links: QuerySet[IssueLink], what: str) -> None:
    waiting = links.filter(state__in=LIVE)
    OutboxChange.objects.bulk_create(OutboxChange(link=link, what=what) for link in waiting)
