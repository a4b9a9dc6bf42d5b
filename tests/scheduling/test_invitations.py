"""Invitations as people's calendars get them: sent by real mail, read back with another parser, answered."""

from __future__ import annotations

import imaplib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import vobject
from django.test import Client
from django.utils import timezone

from followthrough.check_ins import operations as check_ins
from followthrough.jobs.models import ScheduledRun
from followthrough.jobs.scheduler import RegularJob, run_due
from followthrough.meetings import phrasing
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem
from followthrough.scheduling import itip
from followthrough.scheduling.operations import invitation_replies, invitations, meeting_times
from followthrough.scheduling.queries.invitees import meeting_of
from tests.factories import make_incident, make_person
from tests.mailbox import Mailbox
from tests.scheduling.conftest import hence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]


def parsed(mail: EmailMessage) -> Any:
    """The calendar of a mail, by vobject; the alternative and the file must say the same."""
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    (attached,) = [one for one in mail.walk() if one.get_content_type() == "application/ics"]
    assert attached.get_filename() == "invite.ics"
    text = part.get_content().replace("\r\n", "\n")
    assert attached.get_content().decode().replace("\r\n", "\n") == text
    found = vobject.readOne(text)
    assert part.get_param("method") == found.method.value
    return found


def answer_links(mail: EmailMessage) -> list[str]:
    plain = mail.get_body(("plain",))
    assert plain is not None
    return re.findall(r"http://127.0.0.1:8000(/answers/\S+)", plain.get_content())


def test_the_invitation_has_agenda_room_and_everyone(
    meeting: Meeting, guest: User, organiser: User, mailbox: Mailbox
):
    (mail,) = mailbox.sent_to(guest)
    found = parsed(mail)
    event = found.vevent
    assert found.method.value == "REQUEST"
    assert event.dtstart.value == meeting.starts_at
    assert event.dtend.value - event.dtstart.value == timedelta(hours=1)
    assert event.sequence.value == "0"
    assert event.summary.value == "Post-mortem: Checkout returned 502; carts, too"
    key = meeting.postmortem.key
    assert event.location.value == f"http://127.0.0.1:8000/incidents/{key}/room/"
    assert "15 min  Timeline" in event.description.value
    assert f"/incidents/{key}/pre-read/" in event.description.value
    assert event.organizer.value == f"mailto:{organiser.email}"
    assert event.organizer.params["SENT-BY"] == ["mailto:followthrough@followthrough.invalid"]
    assert event.attendee.value == f"mailto:{guest.email}"
    assert event.attendee.params["CN"] == ["Zoë Łukasz"]
    assert event.attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]
    assert event.attendee.params["RSVP"] == ["TRUE"]


def test_moving_and_calling_off_are_newer_each_time(
    meeting: Meeting, guest: User, organiser: User, mailbox: Mailbox
):
    meeting_times.move_meeting(meeting, starts_at=hence(hours=33), by=organiser)
    meeting_times.cancel_meeting(meeting, reason="The storm is back", by=organiser)
    first, moved, off = (parsed(mail) for mail in mailbox.sent_to(guest))
    assert [one.vevent.sequence.value for one in (first, moved, off)] == ["0", "1", "2"]
    assert [one.method.value for one in (first, moved, off)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({one.vevent.uid.value for one in (first, moved, off)}) == 1
    assert moved.vevent.dtstart.value == hence(hours=33)
    assert (off.vevent.status.value, off.vevent.comment.value) == ("CANCELLED", "The storm is back")


def test_somebody_removed_and_asked_again_at_the_same_time_is_told_again(
    meeting: Meeting,
    guest: User,
    organiser: User,
    mailbox: Mailbox,
):
    invitations.withdraw_invitation(Participant.objects.get(person=guest), by=organiser)
    invitations.invite(meeting.postmortem, guest, by=organiser)
    first, out, again = (parsed(mail) for mail in mailbox.sent_to(guest))
    assert [one.method.value for one in (first, out, again)] == ["REQUEST", "CANCEL", "REQUEST"]
    assert not hasattr(out.vevent, "status")
    assert out.vevent.attendee.value == f"mailto:{guest.email}"
    assert [int(one.vevent.sequence.value) for one in (first, out, again)] == [0, 1, 2]
    assert again.vevent.dtstart.value == meeting.starts_at


def test_whoever_leads_has_a_seat_until_they_hand_on(meeting: Meeting, organiser: User, mailbox: Mailbox):
    postmortem = meeting.postmortem
    fay, max_ = make_person("Fay"), make_person("Max")
    invitations.ask_facilitator(postmortem, fay, by=organiser)
    seats = set(postmortem.participants.values_list("person__name", flat=True))
    assert seats == {"Zoë Łukasz", "Fay"}
    chair = parsed(mailbox.sent_to(fay)[-1]).vevent
    roles = {one.params["CN"][0]: one.params["ROLE"][0] for one in chair.attendee_list}
    assert roles == {"Zoë Łukasz": "REQ-PARTICIPANT", "Fay": "CHAIR"}
    invitations.hand_on_facilitation(postmortem, by=fay, to=max_)
    assert not postmortem.participants.filter(person=fay).exists()
    assert parsed(mailbox.sent_to(fay)[-1]).method.value == "CANCEL"
    assert parsed(mailbox.sent_to(max_)[-1]).method.value == "REQUEST"


def test_a_link_answers_only_after_it_was_confirmed(meeting: Meeting, guest: User, mailbox: Mailbox):
    come, perhaps, decline = answer_links(mailbox.sent_to(guest)[0])
    stranger = Client(enforce_csrf_checks=True)
    page = stranger.get(come)
    assert b"You answer as Zo" in page.content
    assert Participant.objects.get(person=guest).response == "invited"
    assert stranger.post(come).status_code == 403
    token = stranger.cookies["followthrough_csrf"].value
    assert b"You will come" in stranger.post(come, {"csrfmiddlewaretoken": token}).content
    assert Participant.objects.get(person=guest).response == "accepted"
    assert b"You may come" in Client().post(perhaps).content
    assert Participant.objects.get(person=guest).response == "maybe"
    Client().post(decline)
    assert Participant.objects.get(person=guest).response == "declined"
    assert "cannot come" in Message.objects.filter(person=meeting.scheduled_by).latest("pk").subject


def test_a_link_is_good_for_its_person_and_meeting_alone(
    meeting: Meeting, guest: User, organiser: User, mailbox: Mailbox
):
    come, *_ = answer_links(mailbox.sent_to(guest)[0])
    assert Client().get(come.replace("/accepted/", "x/accepted/")).status_code == 404
    invitations.withdraw_invitation(Participant.objects.get(person=guest), by=organiser)
    assert b"no longer asked" in Client().post(come).content
    invitations.invite(meeting.postmortem, guest, by=organiser)
    meeting_times.cancel_meeting(meeting, reason="The storm is back", by=organiser)
    assert b"The storm is back" in Client().post(come).content
    assert Participant.objects.get(person=guest).response == "invited"
    guest.is_active = False
    guest.save()
    assert Client().get(come).status_code == 404


def reply_mail(
    meeting: Meeting,
    person: User,
    answer: str,
    *,
    sequence: int | None = None,
    sender: str = "",
    method: str = "REPLY",
    start: str = "DTSTART;TZID=Central European Standard Time:20261124T160000",
) -> bytes:
    """An answer as calendar programs send it."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{person.name} <{sender or person.email}>", "replies@example.org"
    mail["Subject"] = f"{answer.title()}: Post-mortem"
    mail.set_content("See the attachment.")
    number = meeting.sequence if sequence is None else sequence
    text = (
        f"BEGIN:VCALENDAR\nPRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN\nVERSION:2.0\nMETHOD:{method}\n"
        f'BEGIN:VEVENT\nATTENDEE;PARTSTAT={answer};CN="{person.name}":MAILTO:{person.email.upper()}\n'
        f"UID:{meeting.uid}\nSEQUENCE:{number}\nDTSTAMP:20261123T080000Z\n"
        f"{start}\nCOMMENT:I am on the train until three\n"
        f"END:VEVENT\nEND:VCALENDAR\n"
    )
    mail.add_alternative(text.replace("\n", "\r\n"), subtype="calendar", params={"method": method})
    return mail.as_bytes()


@pytest.fixture
def imap(settings: Any, free_port: int) -> Iterator[imaplib.IMAP4]:
    """A real IMAP server with one mailbox, which the product reads."""
    port = free_port
    serve = "import sys; from pymap.main import main; sys.exit(main())"
    where = ["--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    who = ["dict", "--demo-user", "replies@example.org", "--demo-password", "s3"]
    server = subprocess.Popen([sys.executable, "-c", serve, *where, *who], stderr=subprocess.DEVNULL)
    settings.REPLIES_URL = f"imap://replies%40example.org:s3@127.0.0.1:{port}/INBOX"
    settings.REPLIES_ADDRESS = "replies@example.org"
    try:
        yield _when_ready(port)
    finally:
        server.kill()
        server.wait()


def _when_ready(port: int) -> imaplib.IMAP4:
    for _ in range(600):
        try:
            box = imaplib.IMAP4("127.0.0.1", port)
        except OSError:
            time.sleep(0.1)
        else:
            box.login("replies@example.org", "s3")
            return box
    raise RuntimeError("The mail server did not start.")


def test_answers_are_read_from_a_real_mailbox_once(
    meeting: Meeting, guest: User, organiser: User, imap: imaplib.IMAP4
):
    other = make_person("Bo")
    invitations.invite(meeting.postmortem, other, by=organiser)
    meeting.refresh_from_db()

    def arrives(mail: bytes) -> None:
        imap.append("INBOX", None, None, mail)  # type: ignore[arg-type]

    arrives(b"From: list@example.org\r\nSubject: News\r\n\r\nNothing to answer.")
    arrives(reply_mail(meeting, guest, "ACCEPTED"))
    arrives(reply_mail(meeting, other, "DECLINED", sender="mallory@example.org"))
    assert invitation_replies.read_replies() == 1
    assert invitation_replies.read_replies() == 0
    assert Participant.objects.get(person=guest).response == "accepted"
    assert Participant.objects.get(person=other).response == "invited"
    told = Message.objects.filter(person=organiser).latest("pk")
    assert "came from mallory@example.org in the name of" in told.subject
    arrives(reply_mail(meeting, other, "DECLINED"))
    assert invitation_replies.read_replies() == 1
    assert Participant.objects.get(person=other).response == "declined"
    arrives(reply_mail(meeting, guest, "TENTATIVE"))
    proposed = hence(days=6)
    start = f"DTSTART:{proposed:%Y%m%dT%H%M%SZ}"
    arrives(reply_mail(meeting, other, "TENTATIVE", method="COUNTER", start=start))
    assert invitation_replies.read_replies() == 2
    assert Participant.objects.get(person=guest).response == "maybe"
    told = Message.objects.filter(person=organiser).latest("pk")
    assert f"Bo proposes {phrasing.day_and_time(proposed, 'UTC')} for the post-mortem" in told.subject
    assert "Bo: “I am on the train until three”" in told.body
    client = Client()
    client.force_login(organiser)
    assert f'value="{proposed:%Y-%m-%d %H:%M}"' in client.get(told.path).content.decode()
    assert Meeting.objects.get().starts_at == meeting.starts_at


def test_folders_with_any_name_are_opened_or_said_to_be_missing(
    meeting: Meeting, guest: User, imap: imaplib.IMAP4, settings: Any
):
    inbox = settings.REPLIES_URL
    for name, written in [
        ("Calendar%20answers", '"Calendar answers"'),
        ("Rückmeldungen", '"R&APw-ckmeldungen"'),
    ]:
        imap.create(written)
        imap.append(written, None, None, reply_mail(meeting, guest, "ACCEPTED"))  # type: ignore[arg-type]
        settings.REPLIES_URL = inbox.replace("INBOX", name)
        assert invitation_replies.read_replies() == 1
    settings.REPLIES_URL = inbox.replace("INBOX", "Lost%20one")
    with pytest.raises(ConnectionError, match="“Lost one” could not be opened"):
        invitation_replies.read_replies()


def test_an_answer_to_an_earlier_time_does_not_count(
    meeting: Meeting, guest: User, organiser: User, imap: imaplib.IMAP4
):
    early = reply_mail(meeting, guest, "ACCEPTED")
    meeting_times.move_meeting(meeting, starts_at=hence(hours=34), by=organiser)
    imap.append("INBOX", None, None, early)  # type: ignore[arg-type]
    forged = reply_mail(meeting, guest, "ACCEPTED").replace(
        meeting.uid.encode(), f"meeting-{meeting.pk}-0@x".encode()
    )
    imap.append("INBOX", None, None, forged)  # type: ignore[arg-type]
    assert invitation_replies.read_replies() == 0
    assert Participant.objects.get(person=guest).response == "invited"


def test_answers_go_to_the_mailbox_where_there_is_one(meeting: Meeting, settings: Any):
    settings.REPLIES_ADDRESS = "replies@example.org"
    found = vobject.readOne(itip.to_ics(meeting).decode())
    assert found.vevent.organizer.value == "mailto:replies@example.org"


def test_a_mailbox_that_cannot_be_read_is_said_to_administrators(settings: Any):
    settings.REPLIES_URL = "imap://a:b@127.0.0.1:9/INBOX"
    jobs = [RegularJob("scheduling.read_replies", timedelta(minutes=2), invitation_replies.read_replies)]
    run_due(jobs, now=timezone.now())
    assert "could not be read" in ScheduledRun.objects.get().error


def test_the_check_in_is_put_on_everyones_calendar(
    meeting: Meeting, guest: User, organiser: User, mailbox: Mailbox
):
    Meeting.objects.update(state="held", started_at=meeting.starts_at)
    invitations.answer_invitation(meeting.postmortem, response="declined", by=guest)
    check_in = check_ins.plan_check_in(meeting.postmortem, by=organiser)
    event = parsed(mailbox.sent_to(guest)[-1]).vevent
    assert event.summary.value.startswith("Check-in: ")
    assert event.dtstart.value == check_in.starts_at
    assert event.attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]
    Client().post(answer_links(mailbox.sent_to(guest)[-1])[0])
    assert Participant.objects.get(person=guest).response == "accepted"


def test_uids_are_told_from_made_up_ones(meeting: Meeting):
    assert meeting_of(meeting.uid) == meeting
    for uid in ("", "x", "meeting-1", f"meeting-{meeting.pk}-0000@127.0.0.1:8000", "meeting-x-y@z"):
        assert meeting_of(uid) is None


def test_a_meeting_over_a_clock_change_keeps_its_moment(organiser: User, guest: User):
    starts = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    postmortem = PostMortem.objects.create(incident=make_incident())
    meeting = Meeting.objects.create(
        postmortem=postmortem, starts_at=starts, minutes=90, zone="Europe/Warsaw"
    )
    event = vobject.readOne(itip.to_ics(meeting).decode()).vevent
    assert (event.dtstart.value, event.dtend.value) == (starts, starts + timedelta(minutes=90))
