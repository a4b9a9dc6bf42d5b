"""Reopened rooms whose day is over: they close through the gate, or stay open for another day and say what is left."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from followthrough.activity.models import Activity
from followthrough.meeting_room.gate import Gate
from followthrough.meeting_room.queries.gate import gate_of
from followthrough.notifications.operations import notify
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.operations import set_reopened_until
from followthrough.postmortems.operations.omissions import keep_omissions

log = logging.getLogger(__name__)
ANOTHER = timedelta(days=1)


def close_reopened() -> None:
    """Each room whose day is over, in a transaction of its own; may be carried out twice."""
    for number in _over().values_list("pk", flat=True):
        try:
            _close_one(number)
        except Exception:
            log.exception("The room of INC-%s could not be closed again; it is tried anew.", number)


def _over() -> QuerySet[PostMortem]:
    return PostMortem.objects.filter(reopened_until__lte=timezone.now())


@transaction.atomic
def _close_one(number: int) -> None:
    if still := _over().select_for_update().filter(pk=number).first():
        _close(still)


def _close(postmortem: PostMortem) -> None:
    gate = gate_of(postmortem)
    if gate.ready:
        keep_omissions(postmortem, [row.what for row in gate.missing], by=None)
        set_reopened_until(postmortem, None, by=None)
        return
    asked = _who_reopened(postmortem)
    set_reopened_until(postmortem, timezone.now() + ANOTHER, by=None)
    if asked:
        _tell(asked, postmortem, gate)


def _who_reopened(postmortem: PostMortem) -> User | None:
    """Who leads it, or else who opened it again last."""
    kind = PostMortem._meta.label_lower
    rows = Activity.objects.filter(kind=kind, record=str(postmortem.pk), verb="reopened")
    last = rows.exclude(actor=None).order_by("-seq").first()
    known = (postmortem.facilitator, last.actor if last else None)
    return next((one for one in known if one and one.is_active), None)


def _tell(person: User, postmortem: PostMortem, gate: Gate) -> None:
    left = "\n".join(f"- {one}" for one in gate.left)
    notify(
        person,
        kind="meeting",
        key=f"still-open:{postmortem.pk}:{postmortem.reopened_until:%Y%m%dT%H%M}",
        subject=f"{postmortem.key} was opened again and cannot close yet",
        body=f"Its day is over, and it stays open for another. Before it closes:\n\n{left}",
        path=f"/incidents/{postmortem.key}/room/",
        references=[postmortem.incident.reference],
    )
