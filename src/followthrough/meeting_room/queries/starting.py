"""Reading what speaks against starting a meeting now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils import timezone

from followthrough.core.phrasing import listed
from followthrough.core.times import local
from followthrough.meetings import phrasing
from followthrough.meetings.models import Meeting
from followthrough.postmortems.models import PostMortem
from followthrough.scheduling.queries.involvement import absent_teams

ON_TIME = timedelta(minutes=15)
"""As far before its time a meeting starts without a question, and as far from it nobody's calendar is told."""


def doubts_about_starting(
    postmortem: PostMortem, meeting: Meeting | None, zone: str, present: Collection[int] | None
) -> list[str]:
    """Sentences for who starts it, on the clock of `zone`; empty where nothing speaks against it.

    `present` are the ids of those in the room, None where that is not known.
    """
    now = timezone.now()
    is_early = meeting is not None and meeting.starts_at - now > ON_TIME
    early = [f"It is planned for {_day(meeting.starts_at, now, zone)}."] if meeting and is_early else []
    if present is None:
        return early
    return [*early, *_absent(postmortem, present), *absent_teams(postmortem, present, how="is here")]


def _day(at: datetime, now: datetime, zone: str) -> str:
    """ "today 15:30", "tomorrow 15:30", "Thu 3 Dec 15:30"."""
    days = (local(at, zone).date() - local(now, zone).date()).days
    name = {0: "today", 1: "tomorrow"}.get(days) or phrasing.day(at, zone)
    return f"{name} {local(at, zone):%H:%M}"


def _absent(postmortem: PostMortem, present: Collection[int]) -> list[str]:
    required = list(postmortem.participants.filter(required=True).select_related("person"))
    absent = [str(seat.person) for seat in required if seat.person_id not in present]
    if not absent:
        return []
    people = "person is" if len(required) == 1 else "people are"
    counted = f"{len(absent)} of {len(required)} required {people} not here"
    named = absent if len(absent) <= 4 else [*absent[:3], phrasing.counted(len(absent) - 3, "other")]
    return [f"{counted}: {listed(named)}."]
