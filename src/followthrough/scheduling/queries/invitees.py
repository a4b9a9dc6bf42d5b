"""Reading who should come, and what they have on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from followthrough.calendars import queries as calendars
from followthrough.calendars.operations import own_suffix
from followthrough.meetings.models import Meeting
from followthrough.meetings.queries import UNDER_WAY_OR_AHEAD, participants_of
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem
from followthrough.scheduling.attendees import Invitee
from followthrough.scheduling.availability import Attendee, Span

_LONGEST = timedelta(hours=12)
BEFORE = frozenset({PostMortem.State.TO_SCHEDULE, PostMortem.State.SCHEDULED})
"""States of a post-mortem whose meeting has not begun."""


def invitees_of(postmortem: PostMortem) -> list[Invitee]:
    """Those who said nothing or yes, and the facilitator, who is always required."""
    rows = participants_of(postmortem).exclude(response=Participant.Response.DECLINED)
    facilitator = postmortem.facilitator
    coming = [Invitee(row.person, row.required, row.reason) for row in rows if row.person != facilitator]
    return [Invitee(facilitator), *coming] if facilitator else coming


def shared_days_off(postmortem: PostMortem) -> dict[date, str]:
    """Public holidays that at least half of those who should come keep; four queries."""
    kept = calendars.days_off_of([one.person for one in invitees_of(postmortem)])
    names = {day: name for days in kept.values() for day, name in days.items()}
    return {
        day: name
        for day, name in names.items()
        if 2 * sum(day in days for days in kept.values()) >= len(kept)
    }


def attendees_of(
    postmortem: PostMortem, invitees: Collection[Invitee], *, since: datetime, until: datetime
) -> list[Attendee]:
    """The invitees with their hours and what they have on between the two moments."""
    people = [one.person for one in invitees]
    busy = busy_of(people, since=since, until=until, apart_from=postmortem)
    elsewhere = calendars.busy_of(people, since=since, until=until)
    days_off = calendars.days_off_of(people)
    return [
        attendee(
            one.person,
            required=one.required,
            busy=[*busy[one.person.pk], *elsewhere[one.person.pk]],
            days_off=days_off[one.person.pk],
        )
        for one in invitees
    ]


def attendee(
    person: User,
    *,
    required: bool = True,
    busy: Collection[Span] = (),
    days_off: Mapping[date, str] | None = None,
) -> Attendee:
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
        days_off or {},
    )


def busy_of(
    people: Collection[User], *, since: datetime, until: datetime, apart_from: PostMortem
) -> dict[int, list[Span]]:
    """What each person has on here, by their key, this post-mortem's own meeting left out; two queries."""
    keys = {person.pk for person in people}
    meetings = (
        Meeting.objects.filter(
            state__in=UNDER_WAY_OR_AHEAD, starts_at__lt=until, starts_at__gt=since - _LONGEST
        )
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


def meeting_of(uid: str) -> Meeting | None:
    """The meeting that `uid` names, if it is one of ours."""
    known = Meeting.objects.select_related("postmortem__incident", "scheduled_by")
    return known.filter(uid=uid).first() if uid else None


def own_uids() -> set[str]:
    """Of the meetings that lie ahead and were named at another address of this server."""
    ahead = Meeting.objects.filter(state=Meeting.State.SCHEDULED).exclude(uid__endswith=own_suffix())
    return set(ahead.values_list("uid", flat=True))


def number_of_stakeholders() -> int:
    """Those who get the summary instead of a seat."""
    return User.objects.filter(role=User.Role.STAKEHOLDER, is_active=True).count()


def asked_to_what_lies_ahead(person: User) -> QuerySet[PostMortem]:
    """Post-mortems in which the person has a seat ahead or leads."""
    ahead = Q(state__in=BEFORE) | Q(meetings__state=Meeting.State.SCHEDULED)
    theirs = Q(participants__person=person) | Q(facilitator=person)
    return PostMortem.objects.filter(ahead, theirs).distinct()
