"""Notifications to invitees about meetings; each idempotent."""

from __future__ import annotations

from django.db.models import F

from followthrough.meetings import phrasing
from followthrough.meetings.models import Meeting
from followthrough.meetings.phrasing import body_of, name_of, path_of
from followthrough.meetings.queries import participants_of
from followthrough.notifications.operations import Notification, notify, notify_all
from followthrough.people.models import User
from followthrough.scheduling.invitation_links import links_for
from followthrough.scheduling.itip import to_ics, withdrawal
from followthrough.scheduling.operations.team_calendars import sync_meetings
from followthrough.scheduling.queries.invitees import invitees_of


def raise_sequence(meeting: Meeting) -> None:
    """Makes what calendars hear next of the meeting count as newer than all before."""
    Meeting.objects.filter(pk=meeting.pk).update(sequence=F("sequence") + 1)
    meeting.refresh_from_db(fields=["sequence"])


def notify_invitees(meeting: Meeting, what: str, *, body: str = "", all_asked: bool = False) -> None:
    """Tells everyone who should come, so that it gets into their calendars. `what` follows "INC-148: "; {when} is
    their own time. `all_asked` tells those too who said no."""
    invitation = to_ics(meeting).decode()
    people = {invitee.person for invitee in invitees_of(meeting.postmortem)}
    if all_asked:
        people |= {seat.person for seat in participants_of(meeting.postmortem)}
    ordered = sorted(people, key=lambda person: person.pk)
    notify_all(_telling(person, meeting, what, body, invitation) for person in ordered)
    sync_meetings(meeting)


def notify_invitee(person: User, meeting: Meeting, what: str, *, body: str = "") -> None:
    """Tells one person about the meeting as it stands, with the invitation and ways to answer it."""
    notify_all([_telling(person, meeting, what, body, to_ics(meeting).decode())])


def _telling(person: User, meeting: Meeting, what: str, body: str, invitation: str) -> Notification:
    postmortem, is_check_in = meeting.postmortem, meeting.kind == Meeting.Kind.CHECK_IN
    when = phrasing.day_and_time(meeting.starts_at, person.zone)
    ahead = meeting.state == Meeting.State.SCHEDULED
    return Notification(
        person,
        kind="check_in" if is_check_in else "meeting",
        key=f"meeting:{meeting.pk}:{meeting.sequence}",
        subject=f"{postmortem.key}: {what.format(when=when)}",
        body=body_of(postmortem, body),
        path=path_of(postmortem, "check-in/" if is_check_in else "pre-read/"),
        references=[postmortem.reference],
        links=links_for(meeting, person) if ahead else (),
        calendar=invitation,
    )


def notify_of_lost_access(person: User, meeting: Meeting) -> None:
    """Takes the meeting out of the calendar of somebody who may no longer know what it is about."""
    notify(
        person,
        kind="meeting",
        key=f"withdrawn:{meeting.pk}:{meeting.sequence}",
        subject=f"You need not come to the {name_of(meeting)} on {phrasing.day_and_time(meeting.starts_at, person.zone)}",
        body="It is for those who may see the incident, and you can no longer. Your calendar is told.",
        calendar=withdrawal(meeting, person, unnamed=True),
        references=(),
    )


def notify_of_withdrawal(person: User, meeting: Meeting, *, by: User) -> None:
    """Tells somebody that they need not come, and takes the meeting out of their calendar."""
    notify(
        person,
        kind="meeting",
        key=f"withdrawn:{meeting.pk}:{meeting.sequence}",
        subject=f"{meeting.postmortem.key}: you need not come to the {name_of(meeting)}",
        body=f"{'You' if by == person else by} took you off the list. The summary will tell what came out of it.",
        path=path_of(meeting.postmortem),
        references=[meeting.postmortem.reference],
        calendar=withdrawal(meeting, person),
    )
