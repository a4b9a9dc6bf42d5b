"""Replies to invitations that come by mail (iTIP REPLY)."""

from __future__ import annotations

from imaplib import IMAP4

from django.conf import settings

from followthrough.calendars.imap_replies import Letter, Reply, new_replies
from followthrough.core.errors import DomainError
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.people.models import User
from followthrough.postmortems.models import Participant
from followthrough.scheduling.operations.invitations import answer_invitation, propose_time
from followthrough.scheduling.operations.odd_replies import tell_of_letter, tell_of_stranger
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
        return sum(take(answer) for answer in new_replies(settings.REPLIES_URL))
    except (OSError, IMAP4.error) as error:
        raise ConnectionError(f"The mailbox for answers could not be read: {error}") from error


def take(answer: Reply | Letter) -> bool:
    """Notes an answer; what cannot count is told to whoever scheduled the meeting, never dropped in silence."""
    if isinstance(answer, Letter):
        tell_of_letter(answer)
        return False
    return take_reply(answer)


def take_reply(reply: Reply) -> bool:
    """Notes the answer, if it is one to the meeting as that person was last told of it."""
    meeting, response = meeting_of(reply.uid), _ANSWERS.get(reply.answer)
    if not (meeting and (response or reply.proposed)) or meeting.state != Meeting.State.SCHEDULED:
        return False
    person = _person_of(reply, meeting)
    if person is None:
        tell_of_stranger(meeting, reply)
        return False
    if not _is_to_this_time(reply, meeting, person):
        return False
    try:
        if response:
            answer_invitation(meeting.postmortem, response=response, by=person)
        if reply.proposed:
            propose_time(meeting, starts_at=reply.proposed, comment=reply.comment, by=person)
    except DomainError:
        return False
    return True


def _person_of(reply: Reply, meeting: Meeting) -> User | None:
    """Whoever was asked and sent it, unless it says that it is the answer of somebody else who was asked."""
    asked = User.objects.filter(is_active=True, participations__postmortem=meeting.postmortem)
    sender = asked.filter(email=reply.sender).first()
    is_anothers = reply.mail != reply.sender and asked.filter(email=reply.mail).exists()
    return None if is_anothers else sender


def _is_to_this_time(reply: Reply, meeting: Meeting, person: User) -> bool:
    """By its number; programs that leave it out or do not count are believed by the time that they answer."""
    told = list(Message.objects.filter(person=person, key__startswith=f"meeting:{meeting.pk}:"))
    last = max((int(message.key.rsplit(":", 1)[1]) for message in told), default=0)
    if reply.sequence is not None and reply.sequence >= last:
        return True
    if reply.starts_at:
        return reply.starts_at == meeting.starts_at
    if reply.sequence is not None or reply.stamped_at is None:
        return False
    return all(message.created_at <= reply.stamped_at for message in told)
