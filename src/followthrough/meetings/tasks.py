"""What meetings do by themselves; each may run again without telling anyone twice."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from followthrough.core.times import in_words
from followthrough.incidents.models import Incident
from followthrough.meetings.models import Meeting
from followthrough.meetings.operations.telling import path_of
from followthrough.meetings.queries import invitees_of
from followthrough.meetings.words import day_and_time
from followthrough.notifications.operations import tell
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem, Promise

PRE_READ_BEFORE = timedelta(hours=24)
CLOSING = timedelta(hours=12)
"""How long before a window closes its team's lead hears that nothing is scheduled."""
_LONG_GONE = timedelta(days=7)


def send_pre_reads() -> int:
    """Tells everyone who should come of the pre-read, a day before the meeting; returns how many were told."""
    now = timezone.now()
    soon = Meeting.objects.filter(
        kind=Meeting.Kind.POSTMORTEM,
        state=Meeting.State.SCHEDULED,
        starts_at__gt=now,
        starts_at__lte=now + PRE_READ_BEFORE,
    )
    meetings = soon.select_related("postmortem__incident", "postmortem__facilitator")
    return sum(_send_pre_read(meeting) for meeting in meetings)


def _send_pre_read(meeting: Meeting) -> int:
    postmortem = meeting.postmortem
    told = [
        tell(
            one.person,
            kind="pre_read",
            key=f"pre-read:{meeting.pk}:{meeting.revision}",
            subject=f"{postmortem.key}: read this before we meet on {day_and_time(meeting.starts_at, one.person.zone)}",
            body="The draft timeline, the impact so far and the questions, in ten minutes. Add what you saw.",
            path=path_of(postmortem, "pre-read/"),
        )
        for one in invitees_of(postmortem)
    ]
    return sum(message is not None for message in told)


def remind_of_check_ins() -> int:
    """Tells everyone who was asked that the check-in is tomorrow; returns how many were told."""
    now = timezone.now()
    soon = Meeting.objects.filter(
        kind=Meeting.Kind.CHECK_IN,
        state=Meeting.State.SCHEDULED,
        starts_at__gt=now,
        starts_at__lte=now + PRE_READ_BEFORE,
    )
    told = [
        tell(
            one.person,
            kind="check_in",
            key=f"check-in-soon:{meeting.pk}:{meeting.revision}",
            subject=f"{meeting.postmortem.key}: check-in on {day_and_time(meeting.starts_at, one.person.zone)}",
            body="Say of your actions what became of them; the page is open already.",
            path=path_of(meeting.postmortem, "check-in/"),
        )
        for meeting in soon.select_related("postmortem__incident", "postmortem__facilitator")
        for one in invitees_of(meeting.postmortem)
    ]
    return sum(message is not None for message in told)


def escalate_closing_windows() -> int:
    """Tells the owning teams' leads, once, of windows that close within half a day with nothing scheduled."""
    now = timezone.now()
    closing = Promise.objects.filter(
        kind=Promise.Kind.MEETING,
        kept_at=None,
        dropped_at=None,
        due_at__lte=now + CLOSING,
        due_at__gt=now - _LONG_GONE,
        postmortem__state=PostMortem.State.TO_SCHEDULE,
    ).exclude(postmortem__incident__review=Incident.Review.SKIPPED)
    return sum(_escalate(promise) for promise in closing.select_related("postmortem__incident"))


def _escalate(promise: Promise) -> int:
    postmortem, left = promise.postmortem, promise.due_at - timezone.now()
    closes = f"closes in {in_words(left)}" if left > timedelta(0) else f"closed {in_words(left)} ago"
    told = [
        tell(
            lead,
            kind="window",
            key=f"window:{promise.pk}",
            subject=f"{postmortem.key}: the window {closes}, and no meeting is scheduled",
            body=f"{postmortem.incident.title}. The page proposes times that suit those closest to the work.",
            path=path_of(postmortem, "schedule/"),
        )
        for lead in _leads_of(postmortem.incident)
    ]
    return sum(message is not None for message in told)


def _leads_of(incident: Incident) -> list[User]:
    """Leads of the teams that own the affected services, or else of the incident's teams."""
    leads = User.objects.filter(is_active=True, memberships__leads=True)
    owning = leads.filter(memberships__team__services__incidents=incident).distinct()
    return list(owning or leads.filter(memberships__team__incidents=incident).distinct())
