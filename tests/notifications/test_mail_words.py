"""Mails say what they are, for how long, who leads, why somebody is asked and what changed; replies reach a person."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from followthrough.config.environment import Environment
from followthrough.incidents import operations as incidents
from followthrough.meetings.models import Meeting
from followthrough.people import invitation_mail
from followthrough.people.models import Invitation, User
from followthrough.people.operations import invite as invite_person
from followthrough.scheduling.operations import invitations, meeting_times
from tests.factories import make_incident, make_person, make_postmortem
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db
MORNING = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=3)


@pytest.fixture
def ada() -> User:
    return make_person("Ada Okafor", email="ada@acme.example", zone="Europe/Berlin")


@pytest.fixture
def chi() -> User:
    return make_person("Chi Tanaka", email="chi@acme.example", zone="Asia/Tokyo")


@pytest.fixture
def meeting(mailbox: Mailbox, ada: User, chi: User) -> Meeting:
    postmortem = make_postmortem(make_incident("Checkout returned 502"))
    invitations.invite(postmortem, chi, by=ada, reason="Responder in the incident")
    invitations.ask_facilitator(postmortem, make_person("Dee Fox", email="dee@acme.example"), by=ada)
    return meeting_times.schedule_meeting(postmortem, starts_at=MORNING, minutes=90, zone="UTC", by=ada)


def words(mail: EmailMessage) -> str:
    """The plain text; the HTML must say the same facts."""
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    text = str(plain.get_content()).replace("\r\n", "\n")
    for value in re.findall(r"^(?:When|Was|Leads|Why you): (.+)$", text, re.MULTILINE):
        assert value in html.get_content(), value
    return text


def test_an_invitation_says_when_for_how_long_who_leads_and_why(
    meeting: Meeting, chi: User, mailbox: Mailbox
) -> None:
    (mail,) = mailbox.sent_to(chi)
    text = words(mail)
    assert re.search(r"^When: \w+ \d+ \w+, 18:00–19:30 in Tokyo, 90 minutes$", text, re.MULTILINE)
    assert re.search(r"^Also: \w+ \d+ \w+, 09:00–10:30 in UTC$", text, re.MULTILINE)
    assert "Leads: Dee Fox, asked and not answered yet" in text
    assert "Why you: Responder in the incident. You are needed." in text
    assert re.search(r"^Agenda: Welcome \d+, Timeline \d+, .* minutes$", text, re.MULTILINE)
    assert f"Room: http://127.0.0.1:8000/incidents/{meeting.postmortem.key}/room/" in text
    assert "Read before the meeting: http" in text
    assert "what happened and why" in text
    assert mail["Reply-To"] == "Ada Okafor <ada@acme.example>"


def test_a_move_says_what_it_was(meeting: Meeting, ada: User, chi: User, mailbox: Mailbox) -> None:
    meeting_times.move_meeting(meeting, starts_at=MORNING + timedelta(days=1), by=ada)
    moved = mailbox.sent_to(chi)[-1]
    assert re.search(r"moved to .*18:00 in Tokyo \(was .*, 18:00\)$", str(moved["Subject"]))
    before = re.search(r"^Was: (.+), 90 minutes$", words(moved), re.MULTILINE)
    assert before
    assert "18:00–19:30 in Tokyo" in before[1]
    meeting_times.move_meeting(meeting, starts_at=meeting.starts_at, minutes=60, by=ada)
    shorter = mailbox.sent_to(chi)[-1]
    assert "takes 60 minutes, not 90" in shorter["Subject"]
    assert "Was: " in words(shorter)


def test_called_off_leads_to_the_incident_and_says_who_and_why(
    meeting: Meeting, ada: User, chi: User, mailbox: Mailbox
) -> None:
    meeting_times.cancel_meeting(meeting, reason="The storm is back", by=ada)
    text = words(mailbox.sent_to(chi)[-1])
    assert "Ada Okafor called it off: The storm is back" in text
    assert f"See the incident: http://127.0.0.1:8000/incidents/{meeting.postmortem.key}/\n" in text
    assert "pre-read" not in text
    assert "I will come" not in text


def test_a_refusal_names_the_day_and_replies_reach_who_refused(
    meeting: Meeting, ada: User, chi: User, mailbox: Mailbox
) -> None:
    invitations.answer_invitation(meeting.postmortem, response="declined", by=chi)
    mail = mailbox.sent_to(ada)[-1]
    assert re.search(
        r"Chi Tanaka \(required\) cannot come to the post-mortem on .* in Berlin", str(mail["Subject"])
    )
    assert mail["Reply-To"] == "Chi Tanaka <chi@acme.example>"
    assert "Look for another time: http" in words(mail)


def test_whoever_is_to_lead_reads_what_to_do_before(meeting: Meeting, mailbox: Mailbox) -> None:
    lead = meeting.postmortem.facilitator
    asked, invited = mailbox.sent_to(lead)
    assert "1. Accept, or hand it on" in words(asked)
    assert "2. Read your brief (ten minutes)" in words(asked)
    assert asked["Reply-To"] == "Ada Okafor <ada@acme.example>"
    assert "Leads: you, asked and not answered yet" in words(invited)
    assert "Accept, or hand it on: http" in words(invited)


def test_losing_whoever_leads_is_told_to_all_and_leaves_no_chair(
    meeting: Meeting, ada: User, chi: User, mailbox: Mailbox
) -> None:
    incident = meeting.postmortem.incident
    incidents.change_incident(incident, visibility="restricted", named_people=[ada, chi], by=ada)
    assert any("can no longer facilitate" in str(mail["Subject"]) for mail in mailbox.sent_to(ada))
    told = mailbox.sent_to(chi)[-1]
    assert "looks for somebody to lead it" in told["Subject"]
    assert "Checkout" not in str(told)
    assert "ROLE=CHAIR" not in str(told)


def test_mails_of_accounts_say_by_whom_and_until_when_in_html_too(ada: User) -> None:
    ada.role = User.Role.ADMINISTRATOR
    ada.save()
    invite_person(email="new@acme.example", role="member", team=None, by=ada)
    invitation_mail.send_invitation(Invitation.objects.get(), "https://pm.acme.example/invitation/x/")
    invitation_mail.send_password_reset(ada)
    outbox: Any = django_mail.outbox
    invited, reset = (mail.message() for mail in outbox)
    html = outbox[0].alternatives[0][0]
    assert [mail.get_content_type() for mail in (invited, reset)] == ["multipart/alternative"] * 2
    for text in (outbox[0].body, html):
        assert "ada@acme.example" in text
        assert "(Europe/Berlin)" in text
        assert "take part in meetings and own actions" in text
    assert invited["Reply-To"] == "Ada Okafor <ada@acme.example>"
    assert "once, until" in outbox[1].body
    for mail in (invited, reset):
        assert "localhost" not in mail.as_string()


@pytest.mark.parametrize(
    ("base", "more", "host", "sender"),
    [
        ("https://pm.acme.example/", {}, "pm.acme.example", "followthrough@pm.acme.example"),
        ("http://127.0.0.1:8000", {}, "followthrough.invalid", "followthrough@followthrough.invalid"),
        (
            "http://localhost:8000",
            {"mail_url": "smtp://ops%40acme.example:p@mx:587"},
            "acme.example",
            "ops@acme.example",
        ),
        (
            "http://[::1]:8000",
            {"replies_address": "answers@acme.example"},
            "acme.example",
            "followthrough@acme.example",
        ),
        ("http://pm.localhost", {"mail_from": "PM <pm@acme.example>"}, "acme.example", "pm@acme.example"),
        (
            "http://localhost.localdomain",
            {"mail_url": "smtp://mailer:p@mx:587"},
            "followthrough.invalid",
            "followthrough@followthrough.invalid",
        ),
        ("https://pm", {}, "pm", "followthrough@pm"),
    ],
)
def test_no_header_names_this_machine(base: str, more: dict[str, Any], host: str, sender: str) -> None:
    environment = Environment(base_url=base, **more)
    assert environment.mail_host == host
    assert environment.sender.endswith(f"<{sender}>")
