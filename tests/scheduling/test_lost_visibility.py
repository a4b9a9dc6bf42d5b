"""People who may no longer see an incident, or who left: their seat, calendars, mail and inbox."""

from __future__ import annotations

from datetime import timedelta

import pytest
import vobject
from django.test import Client

from followthrough.actions.models import ActionItem
from followthrough.calendars.models import TeamCalendar
from followthrough.core.encryption import encrypt
from followthrough.incidents import operations as incidents
from followthrough.incidents.models import Incident, Involvement
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.notifications.operations import Notification, notify_all
from followthrough.people import operations as people
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.scheduling import itip
from followthrough.scheduling.operations import invitations, meeting_times
from tests.clock import Clock
from tests.factories import make_incident, make_person, make_postmortem, make_team
from tests.mailbox import Mailbox
from tests.servers import Radicale

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]
SECRET = "Payroll of March was readable"


@pytest.fixture
def organiser() -> User:
    return make_person("Priya", role=User.Role.ADMINISTRATOR)


@pytest.fixture
def guest() -> User:
    return make_person("Zoë", email="zoe@example.org")


@pytest.fixture
def meeting(clock: Clock, organiser: User, guest: User) -> Meeting:
    postmortem = make_postmortem(make_incident(SECRET))
    invitations.invite(postmortem, guest, by=organiser)
    return meeting_times.schedule_meeting(
        postmortem, starts_at=clock.now + timedelta(hours=30), minutes=60, zone="UTC", by=organiser
    )


def restrict(meeting: Meeting, by: User, *named: User) -> None:
    incident = Incident.objects.get(pk=meeting.postmortem_id)
    incidents.change_incident(incident, visibility="restricted", named_people=[by, *named], by=by)


def test_who_is_left_out_gives_up_the_seat_and_hears_no_name_again(
    meeting: Meeting, organiser: User, guest: User, mailbox: Mailbox
) -> None:
    assert SECRET in mailbox.sent_to(guest)[0].as_string()
    restrict(meeting, organiser)
    meeting_times.move_meeting(meeting, starts_at=meeting.starts_at + timedelta(hours=1), by=organiser)
    (last,) = mailbox.sent_to(guest)[1:]
    (part,) = [one for one in last.walk() if one.get_content_type() == "text/calendar"]
    event = vobject.readOne(part.get_content())
    assert (event.method.value, event.vevent.sequence.value) == ("CANCEL", "1")
    assert SECRET not in last.as_string()
    assert SECRET not in part.get_content()
    assert not meeting.postmortem.participants.filter(person=guest).exists()


def test_whoever_stays_named_keeps_the_seat(meeting: Meeting, organiser: User, guest: User) -> None:
    restrict(meeting, organiser, guest)
    assert meeting.postmortem.participants.filter(person=guest).exists()


def test_a_role_taken_away_takes_the_seat_too(meeting: Meeting, organiser: User, guest: User) -> None:
    incident = Incident.objects.get(pk=meeting.postmortem_id)
    role = incidents.involve(incident, guest, role=Involvement.Role.ON_CALL, by=organiser)
    restrict(meeting, organiser)
    assert meeting.postmortem.participants.filter(person=guest).exists()
    incidents.release(role, by=organiser)
    assert not meeting.postmortem.participants.filter(person=guest).exists()


def test_somebody_who_left_neither_comes_nor_leads(meeting: Meeting, organiser: User, guest: User) -> None:
    invitations.ask_facilitator(meeting.postmortem, guest, by=organiser)
    Meeting.objects.update(scheduled_by=make_person("Sam"))
    people.deactivate(guest, by=organiser)
    postmortem = PostMortem.objects.get()
    assert postmortem.facilitator is None
    assert not postmortem.participants.filter(person=guest).exists()
    assert Message.objects.filter(subject__contains="Zoë can no longer facilitate").exists()


def test_what_the_organiser_who_left_would_hear_reaches_the_facilitator(
    meeting: Meeting, organiser: User, guest: User
) -> None:
    lead = make_person("Fay")
    invitations.ask_facilitator(meeting.postmortem, lead, by=organiser)
    User.objects.filter(pk=organiser.pk).update(is_active=False)
    invitations.answer_invitation(PostMortem.objects.get(), response="declined", by=guest)
    assert Message.objects.get(subject__contains="Zoë (required) cannot come").person == lead
    event = vobject.readOne(itip.to_ics(Meeting.objects.get()).decode()).vevent
    assert event.organizer.value == "mailto:followthrough@followthrough.invalid"


def test_mail_that_still_waits_is_kept_back_and_the_inbox_says_nothing_more(
    clock: Clock, meeting: Meeting, organiser: User, guest: User, mailbox: Mailbox
) -> None:
    clock.set("2026-11-27 20:00")
    action = ActionItem.objects.create(
        number=7,
        postmortem=meeting.postmortem,
        text=SECRET,
        state="committed",
        owner=guest,
        due_on="2026-11-20",
    )
    before = len(mailbox.sent_to(guest))
    notify_all([_reminder(guest, action)])
    assert len(mailbox.sent_to(guest)) == before
    Incident.objects.update(visibility="restricted")
    clock.go(days=3)
    assert len(mailbox.sent_to(guest)) == before
    kept = Message.objects.get(person=guest, key="reminder")
    assert (kept.mail_after, kept.mail_error[:9]) == (None, "Kept back")
    client = Client()
    client.force_login(guest)
    page = client.get("/inbox/").content.decode()
    assert SECRET not in page
    assert "you can no longer see" in page


def _reminder(person: User, action: ActionItem) -> Notification:
    path = action.get_absolute_url()
    return Notification(
        person,
        "action",
        "reminder",
        f"{action.key}: {SECRET}",
        path=path,
        references=[action.reference],
        wait_for_working_hours=True,
    )


def test_a_digest_is_kept_back_for_anything_it_names(meeting: Meeting, guest: User, mailbox: Mailbox) -> None:
    told = [meeting.postmortem.reference]
    before = len(mailbox.sent_to(guest))
    notify_all([Notification(guest, "digest", "d", f"Your week: {SECRET}", path="/", references=told)])
    Incident.objects.update(visibility="restricted")
    assert len(mailbox.sent_to(guest)) == before


def test_what_nobody_vouches_for_is_kept_back(meeting: Meeting, guest: User, mailbox: Mailbox) -> None:
    before = len(mailbox.sent_to(guest))
    notify_all(
        [Notification(guest, "digest", "d", "Plan of nobody", path="/", references=[("plan", meeting.pk)])]
    )
    assert len(mailbox.sent_to(guest)) == before
    client = Client()
    client.force_login(guest)
    assert "Plan of nobody" not in client.get("/inbox/").content.decode()


def test_links_in_an_earlier_mail_say_nothing_any_more(
    meeting: Meeting, organiser: User, guest: User, mailbox: Mailbox
) -> None:
    plain = mailbox.sent_to(guest)[0].get_body(("plain",))
    assert plain
    link = next(line for line in plain.get_content().splitlines() if "I will come" in line)
    path = link.split("8000")[1]
    assert SECRET in Client().get(path).content.decode()
    restrict(meeting, organiser)
    answer = Client().get(path)
    assert answer.status_code == 404
    assert SECRET not in answer.content.decode()


def test_team_calendars_forget_what_is_restricted_or_no_longer_theirs(
    radicale: Radicale, allowed: None, meeting: Meeting, organiser: User, guest: User, mailbox: Mailbox
) -> None:
    team, incident = make_team("Payments"), Incident.objects.get()
    incident.teams.add(team)
    facts = {"address": radicale.calendar, "username": "ada", "password": "secret"}
    TeamCalendar.objects.create(team=team, host="127.0.0.1", encrypted=encrypt(facts))
    incidents.change_incident(incident, title="Payroll was late", by=organiser)
    mailbox.sent_to(guest)
    assert ["Payroll was late" in text for text in radicale.kept().values()] == [True]
    incidents.change_incident(incident, teams=[], by=organiser)
    mailbox.sent_to(guest)
    assert radicale.kept() == {}
    incidents.change_incident(incident, teams=[team], by=organiser)
    mailbox.sent_to(guest)
    assert len(radicale.kept()) == 1
    restrict(meeting, organiser)
    mailbox.sent_to(guest)
    assert radicale.kept() == {}


def test_who_said_no_hears_that_it_is_called_off_and_is_asked_anew(
    meeting: Meeting, organiser: User, guest: User, mailbox: Mailbox
) -> None:
    invitations.answer_invitation(meeting.postmortem, response="declined", by=guest)
    meeting_times.cancel_meeting(meeting, reason="The lead is ill", by=organiser)
    assert "is called off" in mailbox.sent_to(guest)[-1]["Subject"]
    meeting_times.schedule_meeting(
        PostMortem.objects.get(), starts_at=meeting.starts_at, minutes=60, zone="UTC", by=organiser
    )
    assert "the post-mortem is on" in mailbox.sent_to(guest)[-1]["Subject"]
