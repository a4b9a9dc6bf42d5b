"""What people are told about meetings; each thing once."""

from __future__ import annotations

from followthrough.meetings import words
from followthrough.meetings.models import Meeting
from followthrough.meetings.queries import invitees_of
from followthrough.notifications.operations import tell
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem

_NAMES = {Meeting.Kind.POSTMORTEM: "post-mortem", Meeting.Kind.CHECK_IN: "check-in"}


def path_of(postmortem: PostMortem, page: str = "") -> str:
    """The address of one of the incident's pages, such as "pre-read/"."""
    return f"/incidents/{postmortem.key}/{page}"


def name_of(meeting: Meeting) -> str:
    """What it is called in a sentence: "post-mortem" or "check-in"."""
    return _NAMES[Meeting.Kind(meeting.kind)]


def tell_invitees(meeting: Meeting, what: str, *, body: str = "", by: User | None) -> None:
    """Tells everyone who should come, but whoever did it. `what` follows "INC-148: "; {when} is their own time."""
    for invitee in invitees_of(meeting.postmortem):
        if invitee.person != by:
            tell_one(invitee.person, meeting, what, body=body)


def tell_one(person: User, meeting: Meeting, what: str, *, body: str = "") -> None:
    """Tells one person about the meeting as it stands in this revision."""
    postmortem = meeting.postmortem
    when = words.day_and_time(meeting.starts_at, person.zone)
    page = "check-in/" if meeting.kind == Meeting.Kind.CHECK_IN else "pre-read/"
    tell(
        person,
        kind="meeting",
        key=f"meeting:{meeting.pk}:{meeting.revision}",
        subject=f"{postmortem.key}: {what.format(when=when)}",
        body=body or str(postmortem.incident.title),
        path=path_of(postmortem, page),
    )
