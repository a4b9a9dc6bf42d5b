"""Reading meetings: which there are, who comes, and what people have on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from followthrough.meetings.models import Meeting
from followthrough.meetings.slots import Attendee, Span
from followthrough.people.models import User
from followthrough.postmortems import queries as postmortems
from followthrough.postmortems.models import Participant, PostMortem

_LONGEST = timedelta(hours=12)
_AHEAD = (Meeting.State.SCHEDULED, Meeting.State.LIVE)


def visible_to(user: User) -> QuerySet[Meeting]:
    """Meetings of the post-mortems that `user` may see."""
    return Meeting.objects.filter(postmortem__in=postmortems.visible_to(user).values("pk"))


def current(postmortem: PostMortem, kind: str = Meeting.Kind.POSTMORTEM) -> Meeting | None:
    """The post-mortem's meeting, or its check-in; cancelled ones do not count."""
    meetings = Meeting.objects.filter(postmortem=postmortem, kind=kind)
    return meetings.exclude(state=Meeting.State.CANCELLED).first()


def latest(postmortem: PostMortem, kind: str) -> Meeting | None:
    """The same, or the last one that was cancelled if there is no other."""
    cancelled = Meeting.objects.filter(postmortem=postmortem, kind=kind).order_by("-pk").first()
    return current(postmortem, kind) or cancelled


def participants_of(postmortem: PostMortem) -> QuerySet[Participant]:
    """Those asked to the meeting with their accounts; required ones first."""
    asked = Participant.objects.filter(postmortem=postmortem).select_related("person")
    return asked.order_by("-required", "person__name")


@dataclass(frozen=True)
class Invitee:
    """Somebody who should come, whether the meeting waits for them, and why they are asked."""

    person: User
    required: bool = True
    reason: str = ""


def invitees_of(postmortem: PostMortem) -> list[Invitee]:
    """Those who said nothing or yes, and the facilitator, who is always required."""
    rows = participants_of(postmortem).exclude(response=Participant.Response.DECLINED)
    facilitator = postmortem.facilitator
    coming = [Invitee(row.person, row.required, row.reason) for row in rows if row.person != facilitator]
    return [Invitee(facilitator), *coming] if facilitator else coming


def attendees_of(
    postmortem: PostMortem, invitees: Collection[Invitee], *, since: datetime, until: datetime
) -> list[Attendee]:
    """The invitees with their hours and what they have on between the two moments."""
    busy = busy_of([one.person for one in invitees], since=since, until=until, apart_from=postmortem)
    return [attendee(one.person, required=one.required, busy=busy[one.person.pk]) for one in invitees]


def attendee(person: User, *, required: bool = True, busy: Collection[Span] = ()) -> Attendee:
    """The person as the reckoning of slots wants them."""
    return Attendee(
        person.pk,
        person.name,
        person.zone,
        person.work_starts,
        person.work_ends,
        frozenset(person.working_days),
        required,
        tuple(busy),
    )


def busy_of(
    people: Collection[User], *, since: datetime, until: datetime, apart_from: PostMortem
) -> dict[int, list[Span]]:
    """What each person has on here, by their key, this post-mortem's own meeting left out; two queries."""
    keys = {person.pk for person in people}
    meetings = (
        Meeting.objects.filter(state__in=_AHEAD, starts_at__lt=until, starts_at__gt=since - _LONGEST)
        .exclude(postmortem=apart_from)
        .filter(Q(postmortem__participants__person__in=keys) | Q(postmortem__facilitator__in=keys))
        .select_related("postmortem")
        .distinct()
    )
    coming: dict[int, set[int]] = defaultdict(set)
    rows = Participant.objects.filter(person__in=keys, postmortem__meetings__in=meetings)
    for postmortem, person in rows.exclude(response="declined").values_list("postmortem", "person"):
        coming[postmortem].add(person)
    busy: dict[int, list[Span]] = defaultdict(list)
    for meeting in meetings:
        leading = meeting.postmortem.facilitator_id
        for person in keys & (coming[meeting.postmortem_id] | ({leading} if leading else set())):
            busy[person].append((meeting.starts_at, meeting.ends_at))
    return busy
