"""What calendars hold follows the meeting wherever this server is reached, and says of restricted ones what it may."""

from __future__ import annotations

from typing import Any

import icalendar
import pytest
import vobject

from followthrough.incidents.models import Incident
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.people.models import User
from followthrough.scheduling import itip
from followthrough.scheduling.operations import meeting_times
from followthrough.scheduling.queries.calendar_feeds import meetings_in_feed
from followthrough.scheduling.queries.invitees import meeting_of, own_uids
from tests.mailbox import Mailbox
from tests.scheduling.conftest import hence

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "https://pm.acme.example"),
        ("BASE_URL", "http://127.0.0.1:9000"),
        ("BASE_URL", "https://acme.example/pm"),
        ("SECRET_KEY", "another-key-of-more-than-32-characters"),
    ],
)
def test_a_meeting_keeps_its_name_at_another_address_and_with_another_key(
    meeting: Meeting, organiser: User, settings: Any, name: str, value: str
):
    before = vobject.readOne(itip.to_ics(meeting).decode()).vevent.uid.value
    setattr(settings, name, value)
    meeting_times.move_meeting(meeting, starts_at=hence(hours=50), by=organiser)
    moved = vobject.readOne(itip.to_ics(meeting).decode()).vevent
    assert moved.uid.value == before
    assert meeting_of(before) == meeting
    assert own_uids() == ({before} if name == "BASE_URL" else set())
    meeting_times.cancel_meeting(meeting, reason="Solved by the vendor", by=organiser)
    assert vobject.readOne(itip.to_ics(meeting).decode()).vevent.uid.value == before


def test_a_restricted_meeting_names_its_number_only(
    meeting: Meeting, guest: User, organiser: User, settings: Any
):
    Message.objects.all().delete()
    settings.EMAIL_HOST = ""
    Incident.objects.update(visibility=Incident.Visibility.RESTRICTED)
    meeting = Meeting.objects.select_related("postmortem__incident").get()
    meeting_times.move_meeting(meeting, starts_at=hence(hours=50), by=organiser)
    message = Message.objects.get(person=guest)
    for text in (message.subject, message.body, message.calendar, itip.entry(meeting)):
        assert "Checkout" not in text
    event = icalendar.Calendar.from_ical(itip.to_ics(meeting)).walk("VEVENT")[0]
    assert event["CLASS"] == "PRIVATE"
    assert str(event["SUMMARY"]) == f"Post-mortem {meeting.postmortem.key}"


def test_an_entry_reminds_and_whoever_schedules_has_it_in_their_feed(meeting: Meeting, organiser: User):
    event = icalendar.Calendar.from_ical(itip.to_ics(meeting)).walk("VEVENT")[0]
    assert [alarm["ACTION"] for alarm in event.walk("VALARM")] == ["DISPLAY"]
    assert event["CLASS"] == "PUBLIC"
    assert meetings_in_feed(organiser) == [meeting]


def test_mails_of_a_meeting_hang_together_and_carry_a_zone(
    meeting: Meeting, guest: User, organiser: User, mailbox: Mailbox, settings: Any
):
    settings.BASE_URL = "http://localhost:8000"
    meeting_times.move_meeting(meeting, starts_at=hence(hours=50), by=organiser)
    meeting_times.cancel_meeting(meeting, reason="Solved by the vendor", by=organiser)
    Message.objects.update(mail_after=meeting.starts_at.now().astimezone())
    mails = mailbox.sent_to(guest)
    assert len({mail["References"] for mail in mails}) == 1
    for mail in mails:
        assert mail["In-Reply-To"] == mail["References"]
        assert not str(mail["Date"]).endswith("-0000")
        assert "localhost" not in mail["Message-ID"] + mail["List-Id"]
        assert "Meetings at Followthrough" in mail["List-Id"]
