"""An action follows its issue in a tracker: begun, done, declined or reopened there is so here. Never verified."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.actions.operations import reopen
from followthrough.actions.operations.acceptance import saying_yes
from followthrough.activity import operations as activity
from followthrough.people.models import User
from followthrough.records import operations as records

S = ActionItem.State


@transaction.atomic
def follow_issue(action: ActionItem, *, begun: bool, by: User | None) -> None:
    """Its issue is open: what was over is taken up again, by whoever reopened it there; `begun` once somebody works on it."""
    records.still_there(action)
    if not action.is_open:
        reopen(action, by=by)
    if begun and action.state == S.COMMITTED:
        _move(action, S.IN_PROGRESS, by=by, verb="started", **saying_yes(action, by))


@transaction.atomic
def follow_to_waiting(action: ActionItem, *, by: User | None) -> None:
    """Its issue waits again: nobody works on it any more."""
    follow_issue(action, begun=False, by=by)
    if action.state == S.IN_PROGRESS:
        _move(action, S.COMMITTED, by=by, verb="changed")


@transaction.atomic
def follow_to_done(action: ActionItem, *, by: User | None) -> None:
    records.still_there(action)
    if action.state not in ActionItem.FINISHED:
        values = {"done_at": timezone.now(), "decline_reason": ""} | saying_yes(action, by)
        _move(action, S.DONE, by=by, verb="done", **values)


@transaction.atomic
def follow_to_declined(action: ActionItem, *, reason: str, by: User | None) -> None:
    records.still_there(action)
    if action.state != S.DECLINED:
        _move(action, S.DECLINED, by=by, verb="declined", decline_reason=reason)


def note_from_tracker(action: ActionItem, words: str, *, by: User | None) -> None:
    """Says in the action's history what a tracker has to do with the changes beside it."""
    activity.record(action, "heard", by=by, changes={"tracker": [None, words]})


def _move(action: ActionItem, to: str, *, by: User | None, verb: str, **values: Any) -> None:
    records.revise(action, {"state": to, **values}, by=by, verb=verb)
