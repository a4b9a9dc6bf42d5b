"""Replies to invitations that come by mail (iTIP REPLY)."""

from __future__ import annotations

from imaplib import IMAP4

from django.conf import settings

from followthrough.calendars.imap_replies import Reply, new_replies
from followthrough.core.errors import DomainError
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.people.models import User
from followthrough.postmortems.models import Participant
from followthrough.scheduling.operations.invitations import answer_invitation, propose_time
from followthrough.scheduling.queries.invitees import meeting_of

_ANSWERS = {
    "ACCEPTED": Participant.Response.ACCEPTED,
    "TENTATIVE": Participant.Response.MAYBE,
    "DECLINED": Participant.Response.DECLINED,
}


def read_replies() -> int:
    """Takes what came to the mailbox, if there is one; returns how many answers were noted.

    ConnectionError says why the mailbox could not be read; administrators see it beside the job.
    """
    if not settings.REPLIES_URL:
        return 0
    try:
        return sum(take_reply(reply) for reply in new_replies(settings.REPLIES_URL))
    except (OSError, IMAP4.error) as error:
        raise ConnectionError(f"The mailbox for answers could not be read: {error}") from error


def take_reply(reply: Reply) -> bool:
    """Notes the answer, if it is one to the meeting as that person was last told of it."""
    meeting, response = meeting_of(reply.uid), _ANSWERS.get(reply.answer)
    person = User.objects.filter(email=reply.mail, is_active=True).first()
    if not (meeting and person and (response or reply.proposed)) or meeting.state != Meeting.State.SCHEDULED:
        return False
    if reply.sequence < _last_told(meeting, person):
        return False
    try:
        if response:
            answer_invitation(meeting.postmortem, response=response, by=person)
        if reply.proposed:
            propose_time(meeting, starts_at=reply.proposed, comment=reply.comment, by=person)
    except DomainError:
        return False
    return True


def _last_told(meeting: Meeting, person: User) -> int:
    told = Message.objects.filter(person=person, key__startswith=f"meeting:{meeting.pk}:")
    return max((int(key.rsplit(":", 1)[1]) for key in told.values_list("key", flat=True)), default=0)
