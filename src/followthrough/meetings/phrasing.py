"""Phrasing of times and numbers, as messages and reasons say them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from followthrough.core.times import local
from followthrough.incidents.models import Incident
from followthrough.meetings.models import Meeting
from followthrough.postmortems.models import PostMortem


def city(zone: str) -> str:
    """What people call a zone: "Europe/Warsaw" is "Warsaw"."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def day(moment: datetime, zone: str) -> str:
    """ "Thu 26 Nov" on the clock of `zone`."""
    there = local(moment, zone)
    return f"{there:%a} {there.day} {there:%b}"


def day_and_time(moment: datetime, zone: str) -> str:
    """ "Thu 26 Nov, 15:00 in Warsaw"."""
    return f"{day(moment, zone)}, {local(moment, zone):%H:%M} in {city(zone)}"


def listed(names: Sequence[str]) -> str:
    """ "Ann", "Ann and Ben", "Ann, Ben and Cy"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def counted(number: int, one: str, many: str = "") -> str:
    """ "one person", "4 people"."""
    return f"one {one}" if number == 1 else f"{number} {many or one + 's'}"


_NAMES = {Meeting.Kind.POSTMORTEM: "post-mortem", Meeting.Kind.CHECK_IN: "check-in"}


def path_of(postmortem: PostMortem, page: str = "") -> str:
    """The address of one of the incident's pages, such as "pre-read/"."""
    return f"/incidents/{postmortem.key}/{page}"


def body_of(postmortem: PostMortem, words: str = "") -> str:
    """What the meeting is about, then the words; mail is read by others too, so it names no restricted incident."""
    incident = postmortem.incident
    is_open = incident.visibility == Incident.Visibility.OPEN
    return f"{incident.title if is_open else incident.key}\n\n{words}".strip()


def name_of(meeting: Meeting) -> str:
    """What it is called in a sentence: "post-mortem" or "check-in"."""
    return _NAMES[Meeting.Kind(meeting.kind)]


def page_to_move(meeting: Meeting) -> str:
    """Where the meeting gets another time."""
    return "check-in/" if meeting.kind == Meeting.Kind.CHECK_IN else "schedule/"
