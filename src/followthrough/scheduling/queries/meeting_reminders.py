"""Reading which meetings somebody is reminded of."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone

from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Deadline, ReminderSettings
from followthrough.notifications.operations.escalation import Schedule
from followthrough.postmortems.models import Participant
from followthrough.postmortems.queries.audience import Audience
from followthrough.scheduling.meeting_reminders import KIND, Subject, leading


def missing(after: int, at_most: int) -> list[int]:
    """Meetings of which nobody would be told."""
    known = Deadline.objects.filter(kind=KIND).values("subject")
    rows = _waiting().filter(pk__gt=after)
    return list(rows.exclude(pk__in=known).order_by("pk").values_list("pk", flat=True)[:at_most])


def _waiting() -> models.QuerySet[Meeting]:
    """Meetings ahead, and post-mortems that were not held or not closed."""
    ahead = Q(state=Meeting.State.SCHEDULED, starts_at__gt=timezone.now())
    unheld = Q(kind=Meeting.Kind.POSTMORTEM, state__in=(Meeting.State.SCHEDULED, Meeting.State.LIVE))
    return Meeting.objects.filter(ahead | unheld)


def load(keys: Collection[int], reminder_settings: ReminderSettings) -> dict[int, Schedule]:
    """The course of each meeting that still waits."""
    rows = _waiting().filter(pk__in=keys)
    rows = rows.select_related("postmortem__incident", "postmortem__facilitator", "scheduled_by")
    asked = Participant.objects.exclude(response=Participant.Response.DECLINED).select_related("person")
    found = list(rows.prefetch_related(Prefetch("postmortem__participants", asked.order_by("pk"))))
    audience = Audience([leading(one) for one in found], [one.postmortem.incident for one in found])
    return {meeting.pk: Subject(meeting, reminder_settings, audience).schedule() for meeting in found}
