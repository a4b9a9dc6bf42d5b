"""Answers as mail programs and people really write them: each counts, or whoever scheduled is told of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import timezone

from followthrough.calendars.imap_replies import answers_in, mailbox_name
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.people.models import User
from followthrough.postmortems.models import Participant
from followthrough.scheduling.operations import invitations, meeting_times
from followthrough.scheduling.operations.invitation_replies import take
from tests.factories import make_person
from tests.scheduling.conftest import hence

pytestmark = pytest.mark.django_db


@pytest.fixture
def sana(meeting: Meeting, organiser: User) -> User:
    person = make_person("Sana Qureshi", email="sana@example.org")
    invitations.invite(meeting.postmortem, person, by=organiser)
    meeting.refresh_from_db()
    return person


def arrives(mail: str | bytes) -> int:
    """Takes one mail as the mailbox holds it; how many answers were noted."""
    content = mail.encode() if isinstance(mail, str) else mail
    return sum(take(answer) for answer in answers_in(message_from_bytes(content, policy=policy.default)))


def reply(
    meeting: Meeting,
    attendee: str,
    *,
    sender: str = "sana@example.org",
    more: str = "",
    method: str = "REPLY",
    front: str = "",
    kind: str = "text/calendar; charset=utf-8",
) -> str:
    lines = f"UID:{meeting.uid}\n{attendee}\n{more}".strip()
    return (
        f"From: {sender}\nSubject: Accepted\nContent-Type: {kind}\nContent-Transfer-Encoding: 8bit\n\n"
        f"{front}BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nMETHOD:{method}\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
    )


def numbered(meeting: Meeting) -> str:
    return f"SEQUENCE:{meeting.sequence}\n"


def said(person: User) -> str:
    return Participant.objects.get(person=person).response


def told(person: User) -> Message:
    return Message.objects.filter(person=person).latest("pk")


@pytest.mark.parametrize(
    ("sender", "attendee"),
    [
        ("sana.q@example.org", "sana.q@example.org"),
        ("pa@example.org", ';SENT-BY="mailto:pa@example.org":mailto:sana@example.org'),
        ("zoe@example.org", "sana@example.org"),
        ("Sana Qureshi <sana@gmail.example>", "sana@example.org"),
        ("sana+home@example.org", "sana+home@example.org"),
        ("room-4@example.org", "room-4@example.org"),
        ("nobody@example.org", ";EMAIL=sana@example.org:urn:uuid:1"),
    ],
)
def test_an_answer_from_an_address_that_was_not_asked_is_told(
    meeting: Meeting, sana: User, organiser: User, sender: str, attendee: str
):
    whole = attendee if attendee.startswith(";") else f":mailto:{attendee}"
    params, value = whole.split(":", 1) if not whole.startswith(";SENT") else whole.rsplit(":mailto", 1)
    value = value if not whole.startswith(";SENT") else f"mailto{value}"
    mail = reply(
        meeting, f"ATTENDEE;PARTSTAT=ACCEPTED{params}:{value}", sender=sender, more=numbered(meeting)
    )
    assert arrives(mail) == 0
    assert said(sana) == "invited"
    message = told(organiser)
    assert "an answer came from" in message.subject
    assert "belongs to nobody who was asked" in message.body
    arrives(mail)
    assert Message.objects.filter(subject=message.subject).count() == 1


@pytest.mark.parametrize(
    "attendee",
    [
        ":MAILTO:Sana@Example.ORG",
        ";EMAIL=sana@example.org:urn:uuid:1",
        ":mailto:sana.q@example.org",
        ":invalid:nomail",
        ";CN=Sana:mailto: sana@example.org",
    ],
)
def test_an_answer_that_the_person_sent_counts_however_it_names_them(
    meeting: Meeting, sana: User, attendee: str
):
    assert arrives(reply(meeting, f"ATTENDEE;PARTSTAT=ACCEPTED{attendee}", more=numbered(meeting))) == 1
    assert said(sana) == "accepted"


def test_without_a_number_the_time_that_is_answered_decides(meeting: Meeting, sana: User, organiser: User):
    before = meeting.starts_at
    meeting_times.move_meeting(meeting, starts_at=hence(hours=50), by=organiser)
    now, stamp = timezone.now(), "%Y%m%dT%H%M%SZ"
    old, new = f"DTSTART:{before:{stamp}}\n", f"DTSTART:{meeting.starts_at:{stamp}}\n"
    later, earlier = now + timedelta(minutes=1), now - timedelta(hours=1)
    tokyo = meeting.starts_at + timedelta(hours=9)
    for more, counts in [
        (old, False),
        (f"{old}DTSTAMP:{later:{stamp}}\n", False),
        (f"{old}SEQUENCE:0\n", False),
        ("SEQUENCE:0\n", False),
        (f"DTSTAMP:{earlier:{stamp}}\n", False),
        ("", False),
        (new, True),
        (f"{new}DTSTAMP:{later:{stamp}}\n", True),
        (f"{new}SEQUENCE:0\n", True),
        (f"DTSTART;TZID=Asia/Tokyo:{tokyo:%Y%m%dT%H%M%S}\n", True),
        (f"DTSTART;TZID=Tokyo Standard Time:{tokyo:%Y%m%dT%H%M%S}\n", True),
        (f"DTSTAMP:{later:{stamp}}\n", True),
    ]:
        Participant.objects.update(response="invited")
        assert (
            arrives(reply(meeting, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:sana@example.org", more=more)) == counts
        )
        assert said(sana) == ("accepted" if counts else "invited"), more


def counter(meeting: Meeting, more: str, **rest: str) -> str:
    attendee = "ATTENDEE;PARTSTAT=TENTATIVE:mailto:sana@example.org"
    proposed = f"DTSTART:{hence(days=5):%Y%m%dT%H%M%SZ}\n"
    return reply(meeting, attendee, more=numbered(meeting) + proposed + more, method="COUNTER", **rest)


def test_remarks_are_readable_in_every_encoding(meeting: Meeting, sana: User, organiser: User):
    arrives(counter(meeting, "COMMENT:one\nCOMMENT:two"))
    assert "“one\ntwo”" in told(organiser).body
    for number, (kind, encoding) in enumerate(
        [
            ("text/calendar", "latin-1"),
            ("text/calendar", "utf-8"),
            ("text/calendar; charset=us-ascii", "cp1252"),
            ("text/calendar; charset=iso-8859-1", "latin-1"),
            ("text/calendar; charset=utf-8", "cp1252"),
            ("text/calendar; charset=unknown-8bit", "utf-8-sig"),
        ]
    ):
        Message.objects.filter(person=organiser).delete()
        text = counter(meeting, f"COMMENT:Zürich, Büro {number}", kind=kind)
        head, body = text.split("\n\n", 1)
        assert arrives(head.encode() + b"\n\n" + body.encode(encoding)) == 1
        assert told(organiser).body.count(f"“Zürich, Büro {number}”") == 1, (kind, encoding)


@pytest.mark.parametrize(
    ("kind", "front"),
    [
        ("application/ics", ""),
        ('application/ics; name="invite.ics"', ""),
        ('application/octet-stream; name="reply.ICS"', ""),
        ("application/calendar", ""),
        ("text/calendar; method=REPLY", "\ufeff"),
        ("text/calendar", "\r\n"),
    ],
)
def test_an_answer_is_read_wherever_it_stands(meeting: Meeting, sana: User, kind: str, front: str):
    mail = reply(
        meeting,
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:sana@example.org",
        more=numbered(meeting),
        kind=kind,
        front=front,
    )
    assert arrives(mail) == 1
    assert said(sana) == "accepted"


@pytest.mark.parametrize(
    "mail",
    [
        "From: Sana <sana@example.org>\nSubject: Re: the meeting\n\nyes I come",
        "From: sana@example.org\nSubject: Accepted\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx",
        "From: sana@example.org\nContent-Type: text/html\n\n<p>yes",
        "From: sana@example.org\nSubject: Accepted\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\ngarbage",
        "From: SANA@example.org\nSubject: INC-{number} I will be late\n\n> you wrote\nfive minutes",
        "From: sana@private.example\nSubject: yes\nIn-Reply-To: {message}\n\nI come",
    ],
)
def test_what_is_no_answer_is_shown_to_whoever_scheduled(
    meeting: Meeting, sana: User, organiser: User, mail: str
):
    invitation = Message.objects.filter(person=sana).latest("pk")
    text = mail.replace("{number}", str(meeting.postmortem_id)).replace("{message}", invitation.message_id)
    assert arrives(text) == 0
    assert said(sana) == "invited"
    assert "wrote to the mailbox for answers" in told(organiser).subject
    assert "you wrote" not in told(organiser).body


@pytest.mark.parametrize(
    "mail",
    [
        "From: list@example.net\nSubject: News\n\nBuy",
        "From: sana@example.org\nAuto-Submitted: auto-replied\nSubject: Away\n\nI am away",
        "From: sana@example.org\nPrecedence: bulk\nSubject: Away\n\nI am away",
        "From: sana@example.org\nList-Id: <x.y>\nSubject: To all\n\nHello",
        "From: mailer@example.org\nContent-Type: multipart/report; boundary=b\n\n--b--",
        "From: sana@example.org\nSubject: INC-999999\n\nAnother one",
        "Subject: From nobody\n\nHello",
    ],
)
def test_other_mail_is_nobodys_business(meeting: Meeting, sana: User, organiser: User, mail: str):
    before = Message.objects.count()
    assert arrives(mail) == 0
    assert Message.objects.count() == before


def test_a_counter_that_accepts_and_proposes_no_other_time_is_an_acceptance(
    meeting: Meeting, sana: User, organiser: User
):
    for at in (
        timezone.now(),
        timezone.now() + timedelta(seconds=50),
        meeting.starts_at,
        datetime(2020, 1, 1, tzinfo=UTC),
    ):
        Participant.objects.update(response="invited")
        before = Message.objects.count()
        more = f"{numbered(meeting)}DTSTART:{at:%Y%m%dT%H%M%SZ}\n"
        mail = reply(
            meeting, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:sana@example.org", more=more, method="COUNTER"
        )
        assert arrives(mail) == 1
        assert said(sana) == "accepted"
        assert Message.objects.count() == before


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Calendar answers", "Calendar answers"),
        ("Rückmeldungen", "R&APw-ckmeldungen"),
        ("[Gmail]/All Mail", "[Gmail]/All Mail"),
        ("Q&A", "Q&-A"),
        ('say "yes"', r"say \"yes\""),
        ("a\\b", r"a\\b"),
        ("返信", "&j9RP4Q-"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
    ],
)
def test_folders_are_named_as_imap_writes_them(name: str, written: str):
    assert mailbox_name(name) == written
