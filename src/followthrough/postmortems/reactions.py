"""What a post-mortem does by itself when its incident changes."""

from __future__ import annotations

from typing import cast

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.core.errors import DomainError
from followthrough.incidents.models import Incident
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.operations import drop_promise, open_postmortem, promise_meeting


def follow_incidents() -> None:
    """Called once, from this room's ready()."""
    kind = Incident._meta.label_lower
    subscribe(kind, "reviewed", _open)
    subscribe(kind, "resolved", _promise)
    subscribe(kind, "changed", _move)
    subscribe(kind, "reopened", _drop)
    subscribe(kind, "skipped", _skip)


def _of(incident: models.Model) -> PostMortem | None:
    postmortem = PostMortem.objects.filter(pk=incident.pk).first()
    if postmortem:
        postmortem.incident = cast("Incident", incident)
    return postmortem


def _open(row: Activity, incident: models.Model) -> None:
    open_postmortem(cast("Incident", incident), by=row.actor)


def _promise(_: Activity, incident: models.Model) -> None:
    if (postmortem := _of(incident)) and cast("Incident", incident).review == Incident.Review.NEEDED:
        promise_meeting(postmortem)


def _move(row: Activity, incident: models.Model) -> None:
    if {"ended_at", "severity"} & row.changes.keys():
        _promise(row, incident)


def _drop(row: Activity, incident: models.Model) -> None:
    if postmortem := _of(incident):
        drop_promise(postmortem, Promise.Kind.MEETING, by=row.actor)


def _skip(row: Activity, incident: models.Model) -> None:
    postmortem = _of(incident)
    if postmortem is None:
        return
    if postmortem.state not in {PostMortem.State.TO_SCHEDULE, PostMortem.State.SCHEDULED}:
        raise DomainError("Its meeting has begun, so it can no longer be skipped.", field="reason")
    drop_promise(postmortem, Promise.Kind.MEETING, by=row.actor)
