"""What follows by itself when actions, their post-mortem or people change: reminders stay in line, owners are told."""

from __future__ import annotations

from typing import cast

from django.db import models

from followthrough.actions.models import ActionItem
from followthrough.actions.operations import acceptance_reminders, reminders
from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.notifications.operations import escalation
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem

_VERBS = (
    *("added", "asked", "committed", "accepted", "handed back"),
    *("proposed a date", "agreed to the date", "kept the date", "chose a date"),
    *("started", "done", "declined", "reopened", "removed", "restored", "took back"),
)
_GIVEN = ("added", "asked", "committed")
_ANSWERED = ("agreed to the date", "kept the date", "chose a date", "changed")
_MATTERS = {"owner", "due_on", "proposed_due_on"}
_HOURS = {"zone", "work_starts", "work_ends", "working_days", "days_off"}


def keep_reminders() -> None:
    """Called once, from this room's ready()."""
    kind = ActionItem._meta.label_lower
    for verb in _VERBS:
        subscribe(kind, verb, _refresh)
    subscribe(kind, "changed", _refresh_if_it_matters)
    for verb in _GIVEN:
        subscribe(kind, verb, _tell_owner)
    subscribe(kind, "changed", _tell_new_owner)
    for verb in ("proposed a date", "changed"):
        subscribe(kind, verb, _tell_of_another_date)
    for verb in _ANSWERED:
        subscribe(kind, verb, _tell_of_settled_date)
    subscribe(kind, "handed back", _tell_of_handing_back)
    subscribe(PostMortem._meta.label_lower, "moved", _refresh_proposals)
    subscribe(User._meta.label_lower, "changed", _refresh_of_owner)


def _refresh(_: Activity, action: models.Model) -> None:
    _refresh_all([cast("ActionItem", action).number])


def _refresh_all(numbers: list[int]) -> None:
    for kind in (reminders.KIND, acceptance_reminders.KIND):
        escalation.refresh_deadlines(kind, numbers)


def _tell_owner(row: Activity, action: models.Model) -> None:
    acceptance_reminders.tell_owner(cast("ActionItem", action), by=row.actor)


def _tell_new_owner(row: Activity, action: models.Model) -> None:
    if "owner" in row.changes:
        _tell_owner(row, action)


def _tell_of_another_date(row: Activity, action: models.Model) -> None:
    if row.changes.get("proposed_due_on", [None, None])[1]:
        acceptance_reminders.tell_of_another_date(cast("ActionItem", action), by=row.actor)


def _tell_of_settled_date(row: Activity, action: models.Model) -> None:
    before, now = row.changes.get("proposed_due_on", [None, None])
    if before and not now and "owner" not in row.changes:
        acceptance_reminders.tell_of_settled_date(cast("ActionItem", action), by=row.actor)


def _tell_of_handing_back(row: Activity, action: models.Model) -> None:
    giver = User.objects.filter(pk=row.changes.get("given_by", [None])[0]).first()
    acceptance_reminders.tell_of_handing_back(cast("ActionItem", action), giver, by=row.actor)


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
        _refresh_all(list(owned.values_list("number", flat=True)))
