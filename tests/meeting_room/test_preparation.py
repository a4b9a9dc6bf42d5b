"""Pre-read, brief, calendar file, and what runs out next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from followthrough.activity.models import Activity
from followthrough.meetings.models import Meeting, Observation
from followthrough.notifications.models import Message
from followthrough.notifications.operations import escalation
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.operations import add_participant, open_postmortem
from followthrough.scheduling.operations import invitations, meeting_times
from tests.factories import make_incident, make_person, make_postmortem, make_service, make_team, signed_in

pytestmark = pytest.mark.django_db


def meet(postmortem: PostMortem, by: User, *, hours: float = 5) -> Meeting:
    starts_at = timezone.now() + timedelta(hours=hours)
    return meeting_times.schedule_meeting(postmortem, starts_at=starts_at, minutes=60, zone="UTC", by=by)


def test_the_pre_read_counts_its_readers_once_they_reached_its_end():
    postmortem, guest, facilitator = make_postmortem(), make_person("Ann"), make_person("Fay")
    row = add_participant(postmortem, guest, by=facilitator)
    invitations.ask_facilitator(postmortem, facilitator, by=facilitator)
    address = f"/incidents/{postmortem.key}/pre-read/"
    opened = signed_in(facilitator).get(address).content
    assert b"0 of 2 have read it" in opened
    assert b"I have read it" in opened
    assert b"1 of 2 have read it" in signed_in(facilitator).post(f"{address}read/", follow=True).content
    signed_in(guest).post(f"{address}read/")
    row.refresh_from_db()
    first = row.read_at
    seen = signed_in(guest).post(f"{address}read/", follow=True)
    row.refresh_from_db()
    assert b"You read it on" in seen.content
    assert row.read_at == first
    assert b"2 of 2 have read it" in seen.content
    assert b"Only the facilitator sees who" in seen.content


def test_an_anonymous_observation_keeps_nothing_of_its_author():
    postmortem, guest = make_postmortem(), make_person("Very Recognisable")
    client, address = signed_in(guest), f"/incidents/{postmortem.key}/pre-read/"
    client.post(address, {"text": "The dashboard was down too", "anonymous": "on"})
    client.post(address, {"text": "I paged storage late"})
    hidden, named = Observation.objects.order_by("created_at")
    assert (hidden.author, named.author) == (None, guest)
    actors = (
        Activity.objects.filter(kind="meetings.observation").order_by("seq").values_list("actor", flat=True)
    )
    assert list(actors) == [None, guest.pk]
    client.post(f"{address}{named.pk}/removal/")
    assert client.post(f"{address}{hidden.pk}/removal/").status_code == 403
    page = client.get(address).content
    assert b"The dashboard was down too" in page
    assert b"I paged storage late" not in page


def test_the_brief_adds_up_to_the_meetings_minutes():
    postmortem, person = make_postmortem(), make_person()
    meeting = meet(postmortem, person)
    page = signed_in(person).get(f"/incidents/{postmortem.key}/brief/")
    steps = page.context["steps"]
    assert sum(step.minutes for step, _ in steps) == 60
    assert steps[0][1] == meeting.starts_at
    assert "What made it look right at the time?" in page.content.decode()


def test_the_calendar_file_follows_the_meeting():
    postmortem, organiser, guest = make_postmortem(), make_person("Org"), make_person("Ann")
    address = f"/incidents/{postmortem.key}/meeting.ics"
    assert signed_in(organiser).get(address).status_code == 404
    add_participant(postmortem, guest, by=organiser, required=False)
    meeting = meet(postmortem, organiser)
    invitations.answer_invitation(postmortem, response="accepted", by=guest)
    event, calendar = _event(signed_in(organiser), address)
    assert (str(calendar["method"]), event["sequence"]) == ("REQUEST", 0)
    assert event["dtstart"].dt == meeting.starts_at.replace(microsecond=0)
    assert event["attendee"].params["PARTSTAT"] == "ACCEPTED"
    assert event["attendee"].params["ROLE"] == "OPT-PARTICIPANT"
    uid = event["uid"]
    meeting_times.move_meeting(meeting, starts_at=meeting.starts_at + timedelta(hours=2), by=organiser)
    event, _ = _event(signed_in(organiser), address)
    assert (event["sequence"], event["uid"]) == (1, uid)
    meeting_times.cancel_meeting(meeting, reason="Too soon for the team", by=organiser)
    event, calendar = _event(signed_in(organiser), address)
    assert (str(calendar["method"]), event["sequence"], str(event["status"])) == ("CANCEL", 2, "CANCELLED")


def _event(client: Client, address: str):
    answer = client.get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    return calendar.walk("VEVENT")[0], calendar


def test_the_list_of_incidents_says_what_runs_out_next():
    person, now = make_person(), timezone.now()
    waiting = make_incident("Waiting one", began_at=now - timedelta(hours=50))
    open_postmortem(waiting, by=person)
    meet(open_postmortem(make_incident(began_at=now - timedelta(hours=50)), by=person), person, hours=3)
    page = signed_in(person).get("/incidents/").content
    assert b"window closes in" in page
    assert b"meeting in 2 h 59 min" in page


def test_a_window_that_is_about_to_close_reaches_the_owning_lead_once():
    team, now = make_team(), timezone.now()
    lead, other = make_person(team=team, leads=True), make_person(team=make_team(), leads=True)
    incident = make_incident(began_at=now - timedelta(hours=68))
    incident.services.add(make_service(owner=team))
    open_postmortem(incident, by=other)
    open_postmortem(make_incident(began_at=now - timedelta(hours=20)), by=other)
    escalation.send_due_reminders()
    escalation.send_due_reminders()
    told = Message.objects.get(kind="escalation")
    assert told.person == lead
    assert "closes in" in told.subject
