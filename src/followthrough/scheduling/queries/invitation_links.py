"""Reading whom a link in a mail was made for."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing

from followthrough.core.errors import NotFound
from followthrough.incidents import queries as incidents
from followthrough.meetings.models import Meeting
from followthrough.people.models import User
from followthrough.postmortems.models import Participant
from followthrough.scheduling.invitation_links import SALT


@dataclass(frozen=True)
class InvitationLink:
    """Who answers what."""

    meeting: Meeting
    person: User
    seat: Participant | None

    @property
    def is_open(self) -> bool:
        return self.seat is not None and self.meeting.state == Meeting.State.SCHEDULED


def read_link(token: str) -> InvitationLink:
    """Who the link was made for; NotThere if it was not made here or its person has left."""
    try:
        meeting_pk, person_pk = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotFound("This link is not complete. Open it again from the mail.") from error
    meeting = (
        Meeting.objects.select_related("postmortem__incident", "scheduled_by").filter(pk=meeting_pk).first()
    )
    person = User.objects.filter(pk=person_pk, is_active=True).first()
    if meeting is None or person is None or not _sees(person, meeting):
        raise NotFound("This invitation no longer exists, so there is nothing to answer.")
    seat = Participant.objects.filter(postmortem=meeting.postmortem_id, person=person).first()
    return InvitationLink(meeting, person, seat)


def _sees(person: User, meeting: Meeting) -> bool:
    return incidents.visible_to(person).filter(pk=meeting.postmortem_id).exists()
