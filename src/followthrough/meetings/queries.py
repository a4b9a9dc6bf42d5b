"""Reading meetings: which there are, who comes, and what people have on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from followthrough.core.errors import NotAllowed, NotFound
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Incident
from followthrough.meetings.agenda import Step, plan
from followthrough.meetings.models import Answer, Attendance, Meeting, ParkedItem, Question
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem, Promise

UNDER_WAY_OR_AHEAD = (Meeting.State.SCHEDULED, Meeting.State.LIVE)


def visible_to(user: User) -> QuerySet[Meeting]:
    """Meetings of the post-mortems that `user` may see."""
    return Meeting.objects.exclude(postmortem__in=incidents.hidden_from(user).values("pk"))


def current(postmortem: PostMortem | int, kind: str = Meeting.Kind.POSTMORTEM) -> Meeting | None:
    """The meeting of a post-mortem or of the one with that key, or its latest check-in; cancelled ones do not count."""
    meetings = Meeting.objects.filter(postmortem=postmortem, kind=kind)
    return meetings.exclude(state=Meeting.State.CANCELLED).order_by("-pk").first()


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


def those_there(meeting: Meeting) -> list[User]:
    """Who was in the meeting, as the room noted it or somebody corrected it, by name."""
    rows = meeting.attendances.select_related("person").order_by("person__name", "pk")
    return [row.person for row in rows]


def time_met(meeting: Meeting) -> timedelta:
    """How long it really was, all its sittings together; as long as it was planned where none is kept."""
    ended = [one.ended_at - one.started_at for one in meeting.sittings.all() if one.ended_at]
    return sum(ended, timedelta()) if ended else timedelta(minutes=meeting.minutes)


def with_people(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """The meetings as a list shows them: incident, facilitator, sittings, `asked`, `readers` and who `came` counted."""
    everybody = Participant.objects.filter(postmortem=OuterRef("postmortem")).order_by().values("postmortem")
    seats = everybody.filter(for_check_in=False)
    came = Attendance.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    is_check_in = Q(kind=Meeting.Kind.CHECK_IN)
    shown = meetings.select_related("postmortem__incident__severity", "postmortem__facilitator")
    return shown.prefetch_related("sittings", "postmortem__omissions").annotate(
        came=_number_of(came),
        asked=Case(When(is_check_in, then=_number_of(everybody)), default=_number_of(seats)),
        readers=_number_of(seats.exclude(read_at=None)),
    )


def _number_of(rows: QuerySet[Any, Any]) -> Coalesce:
    """As a subquery, of rows grouped by what they belong to."""
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def ahead(user: User, *, after: datetime) -> QuerySet[Meeting]:
    """Meetings that are scheduled to begin at `after` or later."""
    return visible_to(user).filter(state=Meeting.State.SCHEDULED, starts_at__gte=after)


def at_hand(user: User, *, until: datetime) -> QuerySet[Meeting]:
    """Meetings under way, and those that should have begun by `until`."""
    due = Q(state=Meeting.State.SCHEDULED, starts_at__lt=until)
    return visible_to(user).filter(due | Q(state=Meeting.State.LIVE)).order_by("starts_at", "pk")


def past(user: User) -> QuerySet[Meeting]:
    """Meetings that were held or called off. Said by what they are not, so that they are read in order of time."""
    return visible_to(user).exclude(state__in=UNDER_WAY_OR_AHEAD)


def unscheduled(user: User) -> QuerySet[Promise]:
    """Open windows whose meeting has no time yet, of incidents whose post-mortem is wanted."""
    return (
        Promise.objects.filter(kind=Promise.Kind.MEETING, kept_at=None, dropped_at=None)
        .filter(postmortem__state=PostMortem.State.TO_SCHEDULE)
        .exclude(postmortem__in=incidents.hidden_from(user).values("pk"))
        .exclude(postmortem__incident__review=Incident.Review.SKIPPED)
        .select_related("postmortem__incident__severity", "postmortem__facilitator")
    )


def answers_of(postmortem: PostMortem) -> list[Answer]:
    """What was answered, in the order of the questions; none while the room hides answers from each other."""
    if postmortem.meetings.filter(answers_hidden=True, state=Meeting.State.LIVE).exists():
        return []
    rows = Answer.objects.filter(postmortem=postmortem, removed_at=None).select_related("question", "author")
    phases = {phase: place for place, phase in enumerate(Question.Phase.values)}
    in_order = rows.order_by("question__position", "question_id", "created_at", "pk")
    return sorted(in_order, key=lambda row: phases.get(row.question.phase, len(phases)))


def parked_in(postmortem: PostMortem) -> QuerySet[ParkedItem]:
    """What was put off, in the order in which it was."""
    return ParkedItem.objects.filter(postmortem=postmortem, removed_at=None).order_by("created_at", "pk")


def find_parked(postmortem: PostMortem, key: UUID) -> ParkedItem:
    """The parked item with that key. NotFound where the post-mortem has none such."""
    found = parked_in(postmortem).filter(pk=key).first()
    if found is None:
        raise NotFound("This is not parked any more. Nothing was changed.")
    return found


def agenda_of(meeting: Meeting) -> list[Step]:
    """The meeting's own steps, or what it would start with."""
    own = [Step(step.key, step.minutes) for step in meeting.steps.all()]
    return own or plan(meeting.minutes)


def leads(postmortem: PostMortem, person: User) -> bool:
    """The facilitator, the co-facilitator and administrators lead; where nobody was chosen, any member does."""
    if postmortem.facilitator_id in {None, person.pk} or person.is_administrator:
        return True
    meeting = current(postmortem)
    return meeting is not None and meeting.co_facilitator_id == person.pk


def refuse_unless_leading(postmortem: PostMortem, person: User) -> None:
    """Raises NotAllowed for everybody who does not lead."""
    if not leads(postmortem, person):
        raise NotAllowed(f"{postmortem.facilitator} facilitates this meeting and leads through its steps.")
