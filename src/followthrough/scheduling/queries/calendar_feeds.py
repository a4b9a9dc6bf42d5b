"""Reading what a person's feed holds."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from followthrough.actions import queries as actions
from followthrough.actions.models import ActionItem
from followthrough.meetings import queries
from followthrough.meetings.models import Meeting
from followthrough.people.models import User
from followthrough.postmortems.models import Participant

_KEPT = timedelta(days=90)
"""How long what has passed stays in the feed."""


def meetings_in_feed(person: User) -> list[Meeting]:
    """Without what was called off or declined, from 90 days ago on."""
    asked = Participant.objects.filter(person=person).exclude(response=Participant.Response.DECLINED)
    mine = Q(postmortem__in=asked.values("postmortem")) | Q(postmortem__facilitator=person)
    mine |= Q(scheduled_by=person, state=Meeting.State.SCHEDULED)
    rows = queries.visible_to(person).filter(mine, starts_at__gt=timezone.now() - _KEPT)
    rows = rows.exclude(state=Meeting.State.CANCELLED).select_related("postmortem__incident")
    return list(rows.prefetch_related("steps").order_by("starts_at", "pk"))


def actions_in_feed(person: User) -> list[ActionItem]:
    """Open ones that are theirs and have a date."""
    rows = actions.visible_to(person).filter(owner=person, state__in=ActionItem.OPEN)
    return list(rows.exclude(due_on=None).order_by("due_on", "number"))
