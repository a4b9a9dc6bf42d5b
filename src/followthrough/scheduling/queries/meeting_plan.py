"""Reading what the plan for a meeting's time is made of."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from followthrough.calendars import queries as calendars
from followthrough.core.phrasing import listed
from followthrough.meetings import phrasing
from followthrough.meetings.queries import participants_of
from followthrough.people.models import User
from followthrough.postmortems import queries as postmortems
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.scheduling import slots
from followthrough.scheduling.attendees import Invitee, suggest
from followthrough.scheduling.meeting_plan import MeetingPlan
from followthrough.scheduling.queries.invitees import attendees_of, invitees_of
from followthrough.scheduling.queries.involvement import facts_for


def plan_of(postmortem: PostMortem, viewer: User) -> MeetingPlan:
    """The plan as it stands now, from what `viewer` may see."""
    now = timezone.now()
    window = postmortems.promise_of(postmortem, Promise.Kind.MEETING)
    opens_at, closes_at = (window.opens_at, window.due_at) if window else (None, None)
    invitees = invitees_of(postmortem)
    assumed = _assumed(postmortem, viewer, invitees)
    since = min(now, opens_at or now)
    until = max(now, closes_at or now) + slots.HORIZON
    attendees = attendees_of(postmortem, [*invitees, *assumed], since=since, until=until)
    unread = _unread([one.person for one in (*invitees, *assumed)], now)
    return MeetingPlan(attendees, assumed, unread, opens_at, closes_at, now)


def _assumed(postmortem: PostMortem, viewer: User, invitees: list[Invitee]) -> list[Invitee]:
    """Those closest to the work, while nobody but the facilitator is asked."""
    if participants_of(postmortem).exclude(person=postmortem.facilitator_id).exists():
        return []
    suggestions = suggest(facts_for(postmortem, viewer), apart_from=[one.person.pk for one in invitees])
    return [Invitee(row.person, reason=row.reason) for row in suggestions if row.required]


def _unread(people: list[User], now: datetime) -> str:
    """Whose calendars were not read in the last day: "anybody", or the names of up to four and a number."""
    known = calendars.read_lately(people, since=now - timedelta(days=1))
    names = [person.name for person in people if person.pk not in known]
    if names and len(names) == len(people):
        return "anybody"
    rest = [phrasing.counted(len(names) - 4, "other")] if len(names) > 5 else []
    return listed([*names[: 4 if rest else 5], *rest])
