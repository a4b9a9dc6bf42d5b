"""Phrasing of times and numbers, as messages and reasons say them."""

from __future__ import annotations

from datetime import datetime, timedelta

from followthrough.core.times import local
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


def span(starts_at: datetime, minutes: int, zone: str) -> str:
    """ "Thu 26 Nov, 15:00–16:00 in Warsaw", the end with its day where that is another."""
    first, last = local(starts_at, zone), local(starts_at + timedelta(minutes=minutes), zone)
    end = f"{last:%H:%M}" if first.date() == last.date() else f"{day(last, zone)}, {last:%H:%M}"
    return f"{day(first, zone)}, {first:%H:%M}–{end} in {city(zone)}"


def counted(number: int, one: str, many: str = "") -> str:
    """ "one person", "4 people"."""
    return f"one {one}" if number == 1 else f"{number} {many or one + 's'}"


def path_of(postmortem: PostMortem, page: str = "") -> str:
    """The address of one of the incident's pages, such as "pre-read/"."""
    return f"/incidents/{postmortem.key}/{page}"


def body_of(postmortem: PostMortem, words: str = "") -> str:
    """What the meeting is about, then the words; mail is read by others too, so it names no restricted incident."""
    return f"{postmortem.incident.outside_name}\n\n{words}".strip()


def name_of(meeting: Meeting) -> str:
    """What it is called in a sentence: "post-mortem", "launch review" or "check-in"."""
    is_check_in = meeting.kind == Meeting.Kind.CHECK_IN
    return "check-in" if is_check_in else meeting.postmortem.incident.words.meeting


def page_to_move(meeting: Meeting) -> str:
    """Where the meeting gets another time."""
    return "check-in/" if meeting.kind == Meeting.Kind.CHECK_IN else "schedule/"
