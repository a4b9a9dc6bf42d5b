"""Telling whoever scheduled a meeting of answers that could not count."""

from __future__ import annotations

import re

from followthrough.calendars.imap_replies import Letter, Reply
from followthrough.core.hashing import digest
from followthrough.meetings.models import Meeting
from followthrough.meetings.phrasing import body_of, name_of, page_to_move, path_of
from followthrough.notifications.models import Message
from followthrough.notifications.operations import notify
from followthrough.people.models import User
from followthrough.postmortems.models import Participant
from followthrough.scheduling.operations.invitations import in_charge
from followthrough.scheduling.queries.meeting_facts import MeetingFacts

_IN_WORDS = {
    "ACCEPTED": "It says that they come.",
    "TENTATIVE": "It says that they may come.",
    "DECLINED": "It says that they do not come.",
}


def tell_of_stranger(meeting: Meeting, reply: Reply) -> None:
    """An answer whose sender was not asked, or that is in another's name: nobody's answer was changed."""
    whose = f" in the name of {reply.mail}" if reply.mail != reply.sender else ""
    _tell(
        meeting,
        None,
        f"an answer came from {reply.sender}{whose}",
        f"{_IN_WORDS.get(reply.answer, 'It proposes another time.')} That address belongs to nobody who was asked,"
        " so nothing was noted. If you know who it is, note their answer on the page.",
        reply.comment,
    )


def tell_of_letter(letter: Letter) -> None:
    """Words that somebody who was asked sent to the mailbox for answers; others' mail is none of ours."""
    person = User.objects.filter(email=letter.sender, is_active=True).first()
    meeting = _meant_by(letter, person)
    if meeting is None:
        return
    who = str(person or letter.sender)
    _tell(
        meeting,
        person,
        f"{who} wrote to the mailbox for answers",
        "No answer could be read in it, so nothing was noted. Note theirs on the page if it is clear.",
        f"{letter.subject}\n{letter.text}",
    )


def _meant_by(letter: Letter, person: User | None) -> Meeting | None:
    """The meeting that it answers by its headers; else one ahead that they are asked to and that its subject names."""
    ahead = Meeting.objects.filter(state=Meeting.State.SCHEDULED).select_related("postmortem__incident")
    for number in re.findall(r"<message-(\d{1,18})\.", " ".join(letter.answers)):
        told = Message.objects.filter(pk=int(number), key__startswith="meeting:").first()
        if told and _local(told.message_id) in {_local(one) for one in letter.answers}:
            return ahead.filter(pk=int(told.key.split(":")[1])).first()
    seats = Participant.objects.filter(person=person) if person else Participant.objects.none()
    theirs = ahead.filter(postmortem__in=seats.values("postmortem")).order_by("starts_at")
    named = re.search(r"INC-(\d{1,9})", letter.subject)
    return (theirs.filter(postmortem=int(named[1])) if named else theirs).first()


def _local(message_id: str) -> str:
    """What stays of a Message-ID when this server gets another name."""
    return message_id.partition("@")[0]


def _tell(meeting: Meeting, author: User | None, what: str, body: str, quoted: str) -> None:
    postmortem = meeting.postmortem
    if asker := in_charge(postmortem, apart_from=None):
        words = f"{body}\n\n{quoted.strip()[:600]}".strip()
        notify(
            asker,
            kind="meeting",
            key=f"odd-answer:{meeting.pk}:{meeting.revision}:{digest(what + quoted)[:24]}",
            subject=f"{postmortem.key}: {what} ({name_of(meeting)})",
            body=body_of(postmortem, words),
            path=path_of(postmortem, page_to_move(meeting)),
            opens="See who comes",
            facts=MeetingFacts(meeting).times(asker.zone),
            references=[postmortem.reference],
            author=author,
        )
