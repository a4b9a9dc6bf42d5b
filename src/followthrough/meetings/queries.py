"""Reading meetings: which there are, who comes, and what people have on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from followthrough.calendars import queries as calendars
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Incident
from followthrough.meetings.availability import Attendee, Span
from followthrough.meetings.models import Meeting, Observation, RoundParticipation
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem, Promise

_LONGEST = timedelta(hours=12)
_AHEAD = (Meeting.State.SCHEDULED, Meeting.State.LIVE)


def visible_to(user: User) -> QuerySet[Meeting]:
    """Meetings of the post-mortems that `user` may see."""
    return Meeting.objects.exclude(postmortem__in=incidents.hidden_from(user).values("pk"))


def current(postmortem: PostMortem, kind: str = Meeting.Kind.POSTMORTEM) -> Meeting | None:
    """The post-mortem's meeting, or its check-in; cancelled ones do not count."""
    meetings = Meeting.objects.filter(postmortem=postmortem, kind=kind)
    return meetings.exclude(state=Meeting.State.CANCELLED).first()


def has_answered(postmortem: PostMortem, person: User) -> bool:
    """Whether somebody has answered the closing round; what they answered nobody can tell."""
    return RoundParticipation.objects.filter(meeting__postmortem=postmortem, person=person).exists()


def ahead_of(postmortem: PostMortem) -> list[Meeting]:
    """The post-mortem's meetings that are scheduled and not begun."""
    rows = Meeting.objects.filter(postmortem=postmortem, state=Meeting.State.SCHEDULED)
    return list(rows.select_related("postmortem__incident", "postmortem__facilitator", "scheduled_by"))


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


def observations_of(postmortem: PostMortem) -> QuerySet[Observation]:
    """What was written before the meeting, oldest first."""
    rows = Observation.objects.filter(postmortem=postmortem, removed_at=None)
    return rows.select_related("author").order_by("created_at", "pk")


def with_people(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """The meetings as a list shows them: incident, facilitator, `asked` and `readers` counted."""
    people = Participant.objects.filter(postmortem=OuterRef("postmortem")).order_by().values("postmortem")
    counted = people.annotate(number=Count("pk")).values("number")
    return meetings.select_related("postmortem__incident__severity", "postmortem__facilitator").annotate(
        asked=Coalesce(Subquery(counted), 0),
        readers=Coalesce(Subquery(counted.exclude(read_at=None)), 0),
    )


def ahead(user: User, *, after: datetime) -> QuerySet[Meeting]:
    """Meetings that are scheduled to begin at `after` or later."""
    return visible_to(user).filter(state=Meeting.State.SCHEDULED, starts_at__gte=after)


def at_hand(user: User, *, until: datetime) -> QuerySet[Meeting]:
    """Meetings under way, and those that should have begun by `until`."""
    due = Q(state=Meeting.State.SCHEDULED, starts_at__lt=until)
    return visible_to(user).filter(due | Q(state=Meeting.State.LIVE)).order_by("starts_at", "pk")


def past(user: User) -> QuerySet[Meeting]:
    """Meetings that were held or called off. Said by what they are not, so that they are read in order of time."""
    return visible_to(user).exclude(state__in=_AHEAD)


def unscheduled(user: User) -> QuerySet[Promise]:
    """Open windows whose meeting has no time yet, of incidents whose post-mortem is wanted."""
    return (
        Promise.objects.filter(kind=Promise.Kind.MEETING, kept_at=None, dropped_at=None)
        .filter(postmortem__state=PostMortem.State.TO_SCHEDULE)
        .exclude(postmortem__in=incidents.hidden_from(user).values("pk"))
        .exclude(postmortem__incident__review=Incident.Review.SKIPPED)
        .select_related("postmortem__incident__severity", "postmortem__facilitator")
    )
