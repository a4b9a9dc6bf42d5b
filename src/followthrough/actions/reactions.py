"""What follows by itself when actions, their post-mortem or people change: reminders stay in line."""

from __future__ import annotations

from typing import cast

from django.db import models

from followthrough.actions.models import ActionItem
from followthrough.actions.operations import reminders
from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.notifications.operations import escalation
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem

_VERBS = ("added", "committed", "started", "done", "declined", "reopened", "removed", "restored", "took back")
_MATTERS = {"owner", "due_on"}
_HOURS = {"zone", "work_starts", "work_ends", "working_days", "days_off"}


def keep_reminders() -> None:
    """Called once, from this room's ready()."""
    kind = ActionItem._meta.label_lower
    for verb in _VERBS:
        subscribe(kind, verb, _refresh)
    subscribe(kind, "changed", _refresh_if_it_matters)
    subscribe(PostMortem._meta.label_lower, "moved", _refresh_proposals)
    subscribe(User._meta.label_lower, "changed", _refresh_of_owner)


def _refresh(_: Activity, action: models.Model) -> None:
    escalation.refresh_deadlines(reminders.KIND, [cast("ActionItem", action).number])


def _refresh_if_it_matters(row: Activity, action: models.Model) -> None:
    if _MATTERS & row.changes.keys():
        _refresh(row, action)


def _refresh_proposals(row: Activity, postmortem: models.Model) -> None:
    """Once its meeting has closed, what was only proposed waits for an answer."""
    if "closed_at" in row.changes:
        open_ones = ActionItem.objects.filter(
            postmortem=cast("PostMortem", postmortem), state=ActionItem.State.PROPOSED
        )
        escalation.refresh_deadlines(reminders.KIND, list(open_ones.values_list("number", flat=True)))


def _refresh_of_owner(row: Activity, person: models.Model) -> None:
    if _HOURS & row.changes.keys():
        owned = ActionItem.objects.filter(owner=cast("User", person), stage=ActionItem.Stage.OPEN)
        escalation.refresh_deadlines(reminders.KIND, list(owned.values_list("number", flat=True)))
