"""Reading what a check-in looks at, and when the next one could be."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.actions.queries import holding
from followthrough.check_ins import check_in_date
from followthrough.check_ins.check_in_slots import EARLIER, LATER, nearest_slots
from followthrough.check_ins.models import CheckInOutcome
from followthrough.core.errors import NotFound
from followthrough.core.times import local
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Incident
from followthrough.meetings import queries as meetings
from followthrough.meetings.models import Meeting
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.scheduling.availability import Attendee
from followthrough.scheduling.queries.invitees import attendees_of, invitees_of, shared_days_off
from followthrough.scheduling.slots import Slot, check_slot


def unseen_of(check_in: Meeting) -> list[ActionItem]:
    """Actions of which this check-in has still to say something: what is open, and what can be judged by now.

    What was agreed on in it, such as the successor of a fix that did not hold, is for the next one.
    """
    seen = {key for said in check_in.outcomes.values_list("action", "successor") for key in said}
    delays, now = holding.judgement_delays(), timezone.now()
    return [
        action
        for action in holding.unsettled(check_in.postmortem)
        if action.pk not in seen
        and (action.is_open or action.has_failed or holding.judged_from(action, delays[action.kind]) <= now)
    ]


def meant_time(postmortem: PostMortem, zone: str) -> datetime:
    """Two weeks after what was held last, or once the first of its actions was due, at its time of day on the clock of
    `zone`."""
    held = meetings.current(postmortem, Meeting.Kind.CHECK_IN) or meetings.current(postmortem)
    days_off = shared_days_off(postmortem)
    first_due = _first_due(postmortem)
    return check_in_date.check_in_time(_held_at(held), zone, days_off, first_due=first_due)[0]


def _first_due(postmortem: PostMortem) -> date | None:
    """The first date of what is not settled; None where something has none or is done, and can be spoken of at once."""
    dates = [action.due_on if action.is_open else None for action in holding.unsettled(postmortem)]
    known = [day for day in dates if day]
    return min(known) if known and len(known) == len(dates) else None


def _held_at(meeting: Meeting | None) -> datetime:
    """Its scheduled time, or today at the same hour if it really was another day."""
    now = timezone.now()
    if meeting is None:
        return now.replace(minute=0, second=0, microsecond=0)
    began = meeting.started_at or now
    there = local(meeting.starts_at, meeting.zone)
    if local(began, meeting.zone).date() == there.date():
        return meeting.starts_at
    return local(began, meeting.zone).replace(hour=there.hour, minute=there.minute, second=0, microsecond=0)


def proposed_slots(postmortem: PostMortem, *, zone: str) -> list[Slot]:
    """Up to three times for the next check-in that suit those who own what is not settled, best first."""
    meant = meant_time(postmortem, zone)
    attendees = _attendees(postmortem, meant)
    return nearest_slots(attendees, meant, minutes=check_in_date.CHECK_IN_MINUTES, now=timezone.now())


def fit_of(check_in: Meeting) -> Slot:
    """How its time suits those it needs."""
    attendees = _attendees(check_in.postmortem, check_in.starts_at)
    return check_slot(attendees, check_in.starts_at, minutes=check_in.minutes)


def _attendees(postmortem: PostMortem, around: datetime) -> list[Attendee]:
    """Those who come, with owners and the facilitator as required."""
    needed = {action.owner_id for action in holding.unsettled(postmortem)} | {postmortem.facilitator_id}
    coming = [replace(one, required=one.person.pk in needed) for one in invitees_of(postmortem)]
    now = timezone.now()
    since, until = min(now, around - EARLIER), max(now, around) + LATER
    return attendees_of(postmortem, coming, since=since, until=until)


def recurred_since(postmortem: PostMortem, user: User) -> QuerySet[Incident]:
    """Incidents of the same services that began after the meeting closed, the latest first."""
    services = postmortem.incident.services.values("pk")
    since = postmortem.closed_at or postmortem.incident.ended_at or postmortem.incident.began_at
    rows = incidents.visible_to(user).filter(services__in=services, began_at__gt=since)
    return rows.exclude(pk=postmortem.pk).select_related("severity").distinct().order_by("-began_at")


def outcomes_of(action: ActionItem) -> list[CheckInOutcome]:
    """What check-ins said of the action, the latest first."""
    rows = CheckInOutcome.objects.filter(action=action).select_related("by", "successor")
    return list(rows.order_by("-at", "-pk"))


def last_outcomes(actions: Collection[ActionItem]) -> dict[UUID, CheckInOutcome]:
    """{action: what was said of it last}, of those that a check-in looked at; one query."""
    rows = CheckInOutcome.objects.filter(action__in=[row.pk for row in actions]).order_by("at", "pk")
    return {row.action_id: row for row in rows}


def check_ins_of(incident: Incident) -> list[tuple[Meeting, str]]:
    """The incident's check-ins in order, each with what it said in words ("2 verified, 1 did not hold"); two queries."""
    rows = Meeting.objects.filter(postmortem=incident.pk, kind=Meeting.Kind.CHECK_IN)
    meetings = list(rows.exclude(state=Meeting.State.CANCELLED).order_by("starts_at", "pk"))
    if not meetings:
        return []
    said: dict[int, Counter[str]] = defaultdict(Counter)
    for meeting, outcome in (
        CheckInOutcome.objects.filter(meeting__in=meetings).order_by("pk").values_list("meeting", "outcome")
    ):
        said[meeting][CheckInOutcome.Outcome(outcome).label.lower()] += 1
    return [
        (row, ", ".join(f"{number} {words}" for words, number in said[row.pk].items())) for row in meetings
    ]


def earlier_check_ins(check_in: Meeting) -> list[Meeting]:
    """Those of the same post-mortem that were held before, the first one first."""
    rows = Meeting.objects.filter(
        postmortem=check_in.postmortem_id, kind=check_in.kind, state=Meeting.State.HELD
    )
    return list(rows.filter(pk__lt=check_in.pk).order_by("pk"))


def outcome_of(check_in: Meeting, number: int, pk: int) -> CheckInOutcome:
    """The answer `pk` that the check-in gave of ACT-`number`. NotFound where it was taken back already."""
    rows = check_in.outcomes.select_related("action__postmortem__incident", "meeting", "successor")
    found = rows.filter(pk=pk, action__number=number).first()
    if found is None:
        raise NotFound("This answer was taken back already, or it belongs to another check-in.")
    return found
