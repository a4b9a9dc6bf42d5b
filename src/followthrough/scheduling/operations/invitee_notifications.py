"""Notifications to invitees about meetings; each idempotent."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F

from followthrough.meetings import phrasing
from followthrough.meetings.models import Meeting
from followthrough.meetings.phrasing import body_of, name_of, path_of
from followthrough.meetings.queries import participants_of
from followthrough.notifications.operations import Notification, notify, notify_all
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.scheduling.invitation_links import links_for
from followthrough.scheduling.itip import to_ics, withdrawal
from followthrough.scheduling.operations.team_calendars import sync_meetings
from followthrough.scheduling.queries.invitees import invitees_of
from followthrough.scheduling.queries.meeting_facts import MeetingFacts, Time


def raise_sequence(meeting: Meeting) -> None:
    """Makes what calendars hear next of the meeting count as newer than all before."""
    Meeting.objects.filter(pk=meeting.pk).update(sequence=F("sequence") + 1)
    meeting.refresh_from_db(fields=["sequence"])


@dataclass(frozen=True)
class News:
    """What people hear of a meeting. `what` follows "INC-148: ", {when} in it is their own time and {was} what it was `before`;
    replies go to `by`, or else to whoever scheduled it."""

    what: str
    body: str = ""
    by: User | None = None
    before: Time | None = None


def notify_invitees(meeting: Meeting, news: News, *, all_asked: bool = False) -> None:
    """Tells everyone who should come, so that it gets into their calendars; `all_asked` those too who said no."""
    people = {invitee.person for invitee in invitees_of(meeting.postmortem)}
    if all_asked:
        people |= {seat.person for seat in participants_of(meeting.postmortem)}
    _tell(sorted(people, key=lambda person: person.pk), meeting, news)
    sync_meetings(meeting)


def notify_invitee(person: User, meeting: Meeting, news: News) -> None:
    """Tells one person about the meeting as it stands, with the invitation and ways to answer it."""
    _tell([person], meeting, news)


def _tell(people: list[User], meeting: Meeting, news: News) -> None:
    facts, invitation = MeetingFacts(meeting, news.before), to_ics(meeting).decode()
    notify_all(_telling(person, facts, news, invitation) for person in people)


def _telling(person: User, facts: MeetingFacts, news: News, invitation: str) -> Notification:
    meeting, postmortem = facts.meeting, facts.meeting.postmortem
    page, opens = _page(meeting, person)
    return Notification(
        person,
        kind="check_in" if meeting.kind == Meeting.Kind.CHECK_IN else "meeting",
        key=f"meeting:{meeting.pk}:{meeting.sequence}",
        subject=f"{postmortem.key}: {_what(news, meeting, person)}",
        body=body_of(postmortem, news.body),
        path=path_of(postmortem, page),
        opens=opens,
        facts=facts.of(person),
        references=[postmortem.reference],
        links=links_for(meeting, person) if meeting.state == Meeting.State.SCHEDULED else (),
        calendar=invitation,
        author=news.by or meeting.scheduled_by,
    )


def _what(news: News, meeting: Meeting, person: User) -> str:
    when = phrasing.day_and_time(meeting.starts_at, person.zone)
    was = phrasing.day_and_time(news.before[0], person.zone).rpartition(" in ")[0] if news.before else ""
    return news.what.format(when=when, was=was)


def _page(meeting: Meeting, person: User) -> tuple[str, str]:
    """Where the mail's button leads, and what it says."""
    if meeting.state == Meeting.State.CANCELLED:
        return "", "See the incident"
    if meeting.kind == Meeting.Kind.CHECK_IN:
        return "check-in/", "Open the check-in"
    if meeting.state != Meeting.State.SCHEDULED:
        return "room/", "Open the room"
    if person != meeting.postmortem.facilitator:
        return "pre-read/", "Read before the meeting"
    if meeting.postmortem.facilitator_state == PostMortem.FacilitatorState.ASKED:
        return "facilitator/", "Accept, or hand it on"
    return "brief/", "Open your brief"


def notify_of_lost_access(person: User, meeting: Meeting) -> None:
    """Takes the meeting out of the calendar of somebody who may no longer know what it is about."""
    notify(
        person,
        kind="meeting",
        key=f"withdrawn:{meeting.pk}:{meeting.sequence}",
        subject=f"You need not come to the meeting on {phrasing.day_and_time(meeting.starts_at, person.zone)}",
        body="It is for those who may see what it is about, and you no longer can. Your calendar is told.",
        calendar=withdrawal(meeting, person, unnamed=True),
        references=(),
        author=meeting.scheduled_by,
    )


def notify_of_withdrawal(person: User, meeting: Meeting, *, by: User) -> None:
    """Tells somebody that they need not come, and takes the meeting out of their calendar."""
    when = phrasing.day_and_time(meeting.starts_at, person.zone)
    words = (
        f"{'You' if by == person else by} took you off the list. The summary will tell what came out of it."
    )
    notify(
        person,
        kind="meeting",
        key=f"withdrawn:{meeting.pk}:{meeting.sequence}",
        subject=f"{meeting.postmortem.key}: you need not come to the {name_of(meeting)} on {when}",
        body=body_of(meeting.postmortem, words),
        path=path_of(meeting.postmortem),
        opens="See the incident",
        references=[meeting.postmortem.reference],
        calendar=withdrawal(meeting, person),
        author=by,
    )
