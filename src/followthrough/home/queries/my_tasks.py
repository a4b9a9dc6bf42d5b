"""My tasks: what one person has to do next, in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.core.times import approximate_span, day_in_words
from followthrough.home.queries.navigation_counts import STILL_UNDER_WAY
from followthrough.home.queries.overview import open_promises
from followthrough.incidents.models import Incident, Service
from followthrough.incidents.queries import hidden_from
from followthrough.meetings.models import Meeting
from followthrough.people.models import Membership, User
from followthrough.postmortems.models import Participant, Promise

MAX_TASKS = 60
SOON = timedelta(days=14)
AT_THE_DOOR = timedelta(minutes=15)


@dataclass(frozen=True)
class Task:
    """One thing to do by `at`. `tone` colours its chip; `by_day` leaves the hour out."""

    at: datetime
    title: str
    url: str
    words: str
    chip: str
    tone: str = ""
    by_day: bool = False

    def turn(self, now: datetime) -> tuple[datetime, datetime]:
        """Where it stands in the order: what is late counts as due today, after what has an hour."""
        if self.at >= now:
            return self.at, self.at
        return (_end_of_day(now) if self.by_day else now), self.at

    @property
    def when(self) -> str:
        """Its day, and the hour where it has one, on the viewer's clock."""
        moment, now = timezone.localtime(self.at), timezone.localtime()
        day = day_in_words(moment, now)
        return day if self.by_day else f"{day} {moment:%H:%M}"


def tasks_of(person: User, at_most: int = MAX_TASKS) -> list[Task]:
    """What waits for `person`, the first `at_most` of each sort; a fixed number of queries."""
    now = timezone.localtime()
    tasks = [
        *_meetings(person, now, at_most),
        *_promises(person, now, at_most),
        *_actions(person, now, at_most),
    ]
    return sorted(tasks, key=lambda task: task.turn(now))


def _meetings(person: User, now: datetime, at_most: int) -> Iterator[Task]:
    asked = Participant.objects.filter(postmortem=OuterRef("postmortem"))
    mine = asked.filter(person=person).exclude(response=Participant.Response.DECLINED)
    rows = (
        Meeting.objects.filter(state__in=(Meeting.State.SCHEDULED, Meeting.State.LIVE))
        .filter(Q(starts_at__gte=now - STILL_UNDER_WAY) | Q(kind=Meeting.Kind.CHECK_IN))
        .filter(Q(postmortem__facilitator=person) | Exists(mine))
        .exclude(postmortem__in=hidden_from(person).values("pk"))
        .select_related("postmortem__incident", "postmortem__facilitator")
        .annotate(
            asked=_number(asked),
            readers=_number(asked.exclude(read_at=None)),
            unread=Exists(mine.filter(read_at=None)),
            **_action_counts(),
        )
        .order_by("starts_at")[:at_most]
    )
    for meeting in rows:
        yield from (
            (_check_in(meeting, now),)
            if meeting.kind == Meeting.Kind.CHECK_IN
            else _postmortem(meeting, person, now)
        )


def _postmortem(meeting: Meeting, person: User, now: datetime) -> Iterator[Task]:
    incident = meeting.postmortem.incident
    here = f"/incidents/{incident.key}"
    leads = meeting.postmortem.facilitator_id == person.pk
    readers, asked = meeting.readers, meeting.asked  # type: ignore[attr-defined]
    if meeting.unread and not leads:  # type: ignore[attr-defined]
        words = f"Before the meeting · {readers} of {asked} have read it"
        yield Task(
            meeting.starts_at,
            f"Read the pre-read: {incident.title}",
            f"{here}/pre-read/",
            words,
            "not read yet",
            "due",
        )
    host = "You facilitate" if leads else f"{meeting.postmortem.facilitator or 'Nobody'} facilitates"
    words = (
        f"{host} · {asked} {'person' if asked == 1 else 'people'} · {readers} of them have read the pre-read"
    )
    near = meeting.state == Meeting.State.LIVE or meeting.starts_at - now < AT_THE_DOOR
    page = "room" if near else "brief" if leads else "pre-read"
    yield Task(
        meeting.starts_at,
        f"{incident.words.Meeting}: {incident.title}",
        f"{here}/{page}/",
        words,
        incident.key,
        "note",
    )


def _check_in(meeting: Meeting, now: datetime) -> Task:
    incident = meeting.postmortem.incident
    counts = {name: getattr(meeting, name) for name in _STATES}
    total, late = sum(counts.values()), meeting.starts_at < now - STILL_UNDER_WAY
    parts = [f"{number} {words}" for name, words in _STATES.items() if (number := counts[name])]
    words = (
        f"{total} action{'' if total == 1 else 's'}: {', '.join(parts)}"
        if total
        else "No actions to walk through"
    )
    return Task(
        meeting.starts_at,
        f"Two-week check-in: {incident.title}",
        f"/incidents/{incident.key}/check-in/",
        words,
        f"late by {approximate_span(now - meeting.starts_at)}" if late else incident.key,
        _tone(late) if late else "",
    )


_STATES = {
    "finished": "done",
    "under_way": "in progress",
    "untouched": "untouched",
    "turned_down": "declined",
}
_IN = {
    "finished": ActionItem.FINISHED,
    "under_way": (ActionItem.State.IN_PROGRESS,),
    "untouched": (ActionItem.State.PROPOSED, ActionItem.State.COMMITTED),
    "turned_down": (ActionItem.State.DECLINED,),
}


def _action_counts() -> dict[str, Coalesce]:
    of = ActionItem.objects.filter(postmortem=OuterRef("postmortem"), removed_at=None)
    return {name: _number(of.filter(state__in=states)) for name, states in _IN.items()}


def _number(rows: QuerySet[Participant] | QuerySet[ActionItem]) -> Coalesce:
    counted = rows.order_by().values("postmortem").annotate(of_it=Count("pk")).values("of_it")
    return Coalesce(Subquery(counted), 0)


def _promises(person: User, now: datetime, at_most: int) -> Iterator[Task]:
    led = list(Membership.objects.filter(person=person, leads=True).values_list("team", flat=True))
    rows = (
        open_promises(person)
        .filter(_answers_for(person, led))
        .exclude(Q(kind=Promise.Kind.CHECK_IN) & Exists(_planned_check_in()))
        .select_related("postmortem__incident")
        .order_by("due_at")[:at_most]
    )
    for promise in rows:
        yield _PROMISED[Promise.Kind(promise.kind)](promise, now)


def _answers_for(person: User, led: Iterable[int]) -> Q:
    """Facilitates it, asked for it, or leads a team that it concerns or that owns a service in it."""
    teams = Incident.teams.through._default_manager.filter(incident=OuterRef("postmortem"), team__in=led)
    owned = Service.objects.filter(owner__in=led)
    services = Incident.services.through._default_manager.filter(
        incident=OuterRef("postmortem"), service__in=owned
    )
    mine = Q(postmortem__facilitator=person) | Q(postmortem__opened_by=person)
    return mine | Q(Exists(teams)) | Q(Exists(services))


def _planned_check_in() -> QuerySet[Meeting]:
    return Meeting.objects.filter(
        postmortem=OuterRef("postmortem"),
        kind=Meeting.Kind.CHECK_IN,
        state__in=(Meeting.State.SCHEDULED, Meeting.State.LIVE),
    )


def _schedule(promise: Promise, now: datetime) -> Task:
    incident, span = promise.postmortem.incident, approximate_span(promise.due_at - now)
    late = promise.due_at < now
    words = f"{incident.key} · its window {'closed' if late else 'closes'} {_at(promise.due_at, now)}"
    chip = f"closed {span} ago" if late else f"closes in {span}"
    return Task(
        promise.due_at,
        f"Find a time: {incident.title}",
        f"/incidents/{incident.key}/schedule/",
        words,
        chip,
        _tone(late),
    )


def _summary(promise: Promise, now: datetime) -> Task:
    postmortem, span = promise.postmortem, approximate_span(promise.due_at - now)
    late = promise.due_at < now
    held = f"Held {_at(postmortem.closed_at, now)} · " if postmortem.closed_at else ""
    words = f"{held}24-hour promise {'ended' if late else 'ends'} {_at(promise.due_at, now)}"
    title = f"Share the summary of {postmortem.key}: {postmortem.incident.title}"
    chip = f"late by {span}" if late else f"{span} left"
    return Task(promise.due_at, title, f"/incidents/{postmortem.key}/summary/", words, chip, _tone(late))


def _unplanned_check_in(promise: Promise, now: datetime) -> Task:
    incident = promise.postmortem.incident
    late = promise.due_at < now
    return Task(
        promise.due_at,
        f"Check-in due: {incident.title}",
        f"/incidents/{incident.key}/check-in/",
        "It has no time in anyone's calendar",
        f"late by {approximate_span(promise.due_at - now)}" if late else incident.key,
        "broke" if late else "",
    )


_PROMISED = {
    Promise.Kind.MEETING: _schedule,
    Promise.Kind.SUMMARY: _summary,
    Promise.Kind.CHECK_IN: _unplanned_check_in,
}


def _actions(person: User, now: datetime, at_most: int) -> Iterator[Task]:
    rows = (
        ActionItem.objects.filter(owner=person, stage=ActionItem.Stage.OPEN)
        .filter(due_order__lte=now.date() + SOON)
        .exclude(postmortem__in=hidden_from(person).values("pk"))
        .select_related("postmortem__incident")
        .prefetch_related("links")
        .order_by("due_order", "number")[:at_most]
    )
    for action in rows:
        chip, tone = _countdown(action)
        where = "".join(f" · {link}" for link in list(action.links.all())[:1])
        words = f"{action.key} · {action.state_words} · from {action.postmortem.key}{where}"
        due = timezone.make_aware(datetime.combine(action.due_order, time.max))
        yield Task(due, action.text, action.get_absolute_url(), words, chip, tone, by_day=True)


def _countdown(action: ActionItem) -> tuple[str, str]:
    if late := action.days_late:
        return f"{late} day{'' if late == 1 else 's'} late", "broke"
    left = action.days_left or 0
    if left == 0:
        return "today", "due"
    return f"{left} day{'' if left == 1 else 's'} left", "due" if left <= 3 else ""


def _at(moment: datetime, now: datetime) -> str:
    moment = timezone.localtime(moment)
    return f"{day_in_words(moment, now)} {moment:%H:%M}"


def _tone(late: bool) -> str:  # noqa: FBT001
    return "broke" if late else "due"


def _end_of_day(now: datetime) -> datetime:
    return now.replace(hour=23, minute=59, second=0, microsecond=0)
