"""What calendars and people hear of a meeting that began at another time than planned, was adjourned or reopened."""

from __future__ import annotations

from datetime import datetime, timedelta

from followthrough.meetings import phrasing
from followthrough.meetings.models import Meeting
from followthrough.meetings.phrasing import name_of
from followthrough.people.models import User
from followthrough.scheduling.operations.invitee_notifications import News, notify_invitees, raise_sequence
from followthrough.scheduling.operations.team_calendars import sync_meetings

OFF_PLAN = timedelta(minutes=15)
"""A beginning that far from the plan, or without one, is told to everybody at once."""
_LONGEST_MINUTES = 32_767


def end_sitting(meeting: Meeting, now: datetime) -> int:
    """Ends the sitting that runs; its length in whole minutes, one at least."""
    meeting.sittings.filter(ended_at=None).update(ended_at=now)
    return min(_LONGEST_MINUTES, max(1, round((now - meeting.starts_at).total_seconds() / 60)))


def told_of_beginning(meeting: Meeting) -> bool:
    """Whether everybody heard of its beginning."""
    return meeting.planned_at is None or abs(meeting.starts_at - meeting.planned_at) >= OFF_PLAN


def tell_of_beginning(meeting: Meeting) -> None:
    """Feeds and teams' calendars follow; people are told where it began at another time than they know."""
    raise_sequence(meeting)
    if not told_of_beginning(meeting):
        return sync_meetings(meeting)
    planned = meeting.planned_at
    when = f" It was planned for {phrasing.day_and_time(planned, meeting.zone)}." if planned else ""
    body = f"It is under way now.{when} Come to the room; what you miss stays in the record."
    return notify_invitees(meeting, News(f"the {name_of(meeting)} has begun, {{when}}", body))


def tell_of_not_beginning(meeting: Meeting, *, was_told: bool) -> None:
    """The plan holds again; people are told only if they had heard otherwise."""
    raise_sequence(meeting)
    if not was_told:
        return sync_meetings(meeting)
    stands = meeting.state == Meeting.State.SCHEDULED
    what = "is on {when} after all" if stands else "on {when} did not take place"
    return notify_invitees(meeting, News(f"the {name_of(meeting)} {what}", "It has not begun after all."))


def tell_of_adjourning(meeting: Meeting, *, after_minutes: int, by: User) -> None:
    """Its second sitting is in everyone's calendar."""
    body = (
        f"The meeting was adjourned after {phrasing.counted(after_minutes, 'minute')} and goes on then."
        " Everything that was written is kept in the room."
    )
    notify_invitees(meeting, News(f"the {name_of(meeting)} goes on {{when}}", body, by))


def tell_of_reopening(meeting: Meeting) -> None:
    """The room is open for a day; the event says so too."""
    raise_sequence(meeting)
    until = meeting.postmortem.reopened_until
    when = phrasing.day_and_time(until, meeting.zone) if until else ""
    body = f"Its room can be written in again until {when}: add what was forgotten there."
    notify_invitees(meeting, News(f"the {name_of(meeting)} of {{when}} is open again for a day", body))
