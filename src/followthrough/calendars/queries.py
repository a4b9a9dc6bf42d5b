"""Reading what is known of calendars: busy times, days off, whose feed a secret is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from followthrough.calendars.models import BusyCalendar, CalendarCheck, CalendarFeed, Holidays, TeamCalendar
from followthrough.calendars.reader_client import ask_reader
from followthrough.core.errors import NotFound
from followthrough.core.hashing import digest
from followthrough.people.models import Membership, Team, User

Span = tuple[datetime, datetime]


def busy_of(people: Collection[User], *, since: datetime, until: datetime) -> dict[int, list[Span]]:
    """What the calendars of each person say is taken, by the person's key; one query."""
    first, last = since.timestamp(), until.timestamp()
    busy: dict[int, list[Span]] = defaultdict(list)
    rows = BusyCalendar.objects.filter(person__in=people).values_list("person", "spans")
    for person, spans in rows:
        busy[person] += [
            (datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
            for start, end in spans
            if start < last and end > first
        ]
    return busy


def read_lately(people: Collection[User], *, since: datetime) -> set[int]:
    """The keys of those with a calendar that was read since then; one query."""
    rows = BusyCalendar.objects.filter(person__in=people, read_at__gte=since)
    return set(rows.values_list("person", flat=True))


def days_off_of(people: Collection[User]) -> dict[int, dict[date, str]]:
    """The public holidays that each person keeps: their own choice, else those of their teams; two queries."""
    keys = [person.pk for person in people]
    teams: dict[int, list[int]] = defaultdict(list)
    for team, member in Membership.objects.filter(person__in=keys).values_list("team", "person"):
        teams[team].append(member)
    own: dict[int, dict[date, str]] = {}
    shared: dict[int, dict[date, str]] = defaultdict(dict)
    for row in Holidays.objects.filter(Q(person__in=keys) | Q(team__in=teams)):
        days = {date.fromisoformat(day): name for day, name in row.days.items()}
        if row.person_id:
            own[row.person_id] = days
        for member in teams[row.team_id] if row.team_id else []:
            shared[member].update(days)
    return {key: own.get(key, shared[key]) for key in keys}


def calendars_of(person: User) -> QuerySet[BusyCalendar]:
    """The calendars that somebody's busy times are read from."""
    return BusyCalendar.objects.filter(person=person)


def find(person: User, pk: int) -> BusyCalendar:
    """One of the person's own calendars."""
    found = calendars_of(person).select_related("person").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such calendar; it may have been removed.")
    return found


def check_of(person: User) -> CalendarCheck | None:
    """What the person had tried lately, under way or done."""
    lately = timezone.now() - CalendarCheck.GIVEN_UP
    found = CalendarCheck.objects.filter(person=person, asked_at__gt=lately)
    return found.select_related("team").first()


def calendar_of(team: Team) -> TeamCalendar | None:
    """Where the team's meetings are put."""
    return TeamCalendar.objects.filter(team=team).first()


def person_of_feed(secret: str) -> User:
    """Whose feed this is; only people who are here have one."""
    feed = CalendarFeed.objects.filter(secret_digest=digest(secret), person__is_active=True).select_related(
        "person"
    )
    found = feed.first()
    if found is None:
        raise NotFound("There is no feed at this address. Make a new one on your profile.")
    return found.person


@cache
def countries() -> list[tuple[str, str]]:
    """(code, name) of every country whose public holidays are known."""
    return list(_known("countries")["countries"].items())


@cache
def regions(country: str) -> list[tuple[str, str]]:
    """(code, name) of the regions that have public holidays of their own."""
    return list(_known("regions", country=country)["regions"].items()) if country else []


def _known(do: str, **question: Any) -> dict[str, Any]:
    answer = ask_reader(do, **question)
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return answer
