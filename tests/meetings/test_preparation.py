"""Pre-read, brief, calendar file, regular jobs and the list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from followthrough.activity.models import Activity
from followthrough.meetings.models import Meeting, Observation
from followthrough.meetings.operations import invitations, lifecycle, scheduling
from followthrough.notifications import escalation
from followthrough.notifications.models import Message
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.operations import add_participant, open_postmortem
from tests.clock import Clock
from tests.factories import make_incident, make_person, make_postmortem, make_service, make_team, signed_in

pytestmark = pytest.mark.django_db


def meet(postmortem: PostMortem, by: User, *, hours: float = 5) -> Meeting:
    starts_at = timezone.now() + timedelta(hours=hours)
    return scheduling.schedule_meeting(postmortem, starts_at=starts_at, minutes=60, zone="UTC", by=by)


def test_opening_the_pre_read_counts_its_readers_once():
    postmortem, guest, facilitator = make_postmortem(), make_person("Ann"), make_person("Fay")
    row = add_participant(postmortem, guest, by=facilitator)
    invitations.ask_facilitator(postmortem, facilitator, by=facilitator)
    address = f"/incidents/{postmortem.key}/pre-read/"
    assert b"1 of 2 have read it" in signed_in(facilitator).get(address).content
    signed_in(guest).get(address)
    row.refresh_from_db()
    first = row.read_at
    seen = signed_in(guest).get(address)
    row.refresh_from_db()
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
    scheduling.move_meeting(meeting, starts_at=meeting.starts_at + timedelta(hours=2), by=organiser)
    event, _ = _event(signed_in(organiser), address)
    assert (event["sequence"], event["uid"]) == (1, uid)
    scheduling.cancel_meeting(meeting, reason="Too soon", by=organiser)
    event, calendar = _event(signed_in(organiser), address)
    assert (str(calendar["method"]), event["sequence"], str(event["status"])) == ("CANCEL", 2, "CANCELLED")


def _event(client: Client, address: str):
    answer = client.get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    return calendar.walk("VEVENT")[0], calendar


def test_the_pre_read_goes_out_a_day_before_and_once(clock: Clock):
    clock.set("2026-11-24 10:30")
    postmortem, guest, by = make_postmortem(), make_person(), make_person()
    add_participant(postmortem, guest, by=by)
    far = make_postmortem()
    add_participant(far, guest, by=by)
    meet(postmortem, by)
    meet(far, by, hours=30)
    escalation.send_due_reminders()
    escalation.send_due_reminders()
    assert Message.objects.get(kind="pre_read").path == f"/incidents/{postmortem.key}/pre-read/"


def test_a_meeting_called_on_monday_for_the_same_day_still_gets_its_pre_read(clock: Clock):
    clock.set("2026-11-23 15:30")
    postmortem, by = make_postmortem(), make_person()
    add_participant(postmortem, make_person(), by=by)
    meet(postmortem, by, hours=3)
    escalation.send_due_reminders()
    assert Message.objects.filter(kind="pre_read").count() == 1


def test_the_check_in_is_announced_a_day_before_and_once(clock: Clock):
    clock.set("2026-11-24 10:30")
    postmortem, guest, by = make_postmortem(state="shared"), make_person(), make_person()
    add_participant(postmortem, guest, by=by)
    starts_at = timezone.now() + timedelta(hours=23)
    Meeting.objects.create(postmortem=postmortem, kind="check_in", starts_at=starts_at, minutes=30)
    escalation.add_missing_deadlines()
    escalation.send_due_reminders()
    escalation.send_due_reminders()
    assert Message.objects.get().path == f"/incidents/{postmortem.key}/check-in/"


def test_a_meeting_that_was_not_held_reaches_who_leads_it_and_then_the_lead(clock: Clock):
    clock.set("2026-11-24 10:30")
    team = make_team()
    lead, by = make_person(team=team, leads=True), make_person(team=team)
    postmortem = make_postmortem(facilitator=by)
    meet(postmortem, by, hours=1)
    told = Message.objects.filter(subject__contains="was not held")
    clock.set("2026-11-24 15:00")
    escalation.send_due_reminders()
    assert [one.person for one in told.all()] == [by]
    clock.set("2026-11-25 14:00")
    escalation.send_due_reminders()
    escalation.send_due_reminders()
    assert [one.person for one in told.order_by("pk")] == [by, lead]


def test_a_meeting_that_was_begun_and_never_closed_is_said(clock: Clock):
    clock.set("2026-11-24 10:30")
    by = make_person()
    postmortem = make_postmortem(facilitator=by)
    meet(postmortem, by, hours=1)
    clock.set("2026-11-24 11:30")
    lifecycle.start_meeting(postmortem, by=by)
    clock.set("2026-11-24 15:00")
    escalation.send_due_reminders()
    assert "was begun and is not closed" in Message.objects.latest("pk").subject
    lifecycle.close_meeting(PostMortem.objects.get(), by=by)
    clock.set("2026-11-26 15:00")
    escalation.send_due_reminders()
    assert Message.objects.filter(kind="escalation", subject__contains="post-mortem of").count() == 0


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


def test_the_list_shows_what_is_today_ahead_to_schedule_and_past():
    person, now = make_person(), timezone.now()
    late, ahead = make_postmortem(make_incident("Late one")), make_postmortem(make_incident("Ahead one"))
    Meeting.objects.create(postmortem=late, starts_at=now - timedelta(hours=1))
    meet(ahead, person, hours=50)
    open_postmortem(make_incident("Waiting one", began_at=now - timedelta(hours=50)), by=person)
    gone = make_postmortem(make_incident("Gone one"))
    Meeting.objects.create(postmortem=gone, starts_at=now - timedelta(days=3), state="held")
    page = signed_in(person).get("/meetings/")
    assert [one.postmortem for one in page.context["today"]] == [late]
    assert [one.postmortem for one in page.context["page"].rows] == [ahead]
    assert b"not begun" in page.content
    assert b"window closes in" in page.content
    assert b"Gone one" not in page.content
    assert b"Gone one" in signed_in(person).get("/meetings/?show=past").content
    assert b"Waiting one" in signed_in(person).get("/meetings/?show=to-schedule").content


def test_the_list_costs_as_many_queries_for_fifty_rows_as_for_one():
    person = make_person()
    client = signed_in(person)
    counts = []
    for rows in (1, 24):
        for _ in range(rows):
            meeting = meet(make_postmortem(facilitator=make_person()), person, hours=50)
            add_participant(meeting.postmortem, person, by=person)
            open_postmortem(make_incident(began_at=timezone.now() - timedelta(hours=50)), by=person)
        counts.append(
            [_queries(client, address) for address in ("/meetings/", "/meetings/?show=to-schedule")]
        )
    assert counts[0] == counts[1]


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_pages_of_the_past_lead_on_and_back():
    person = make_person()
    for days in range(30):
        Meeting.objects.create(
            postmortem=make_postmortem(), starts_at=timezone.now() - timedelta(days=days + 1), state="held"
        )
    client = signed_in(person)
    first = client.get("/meetings/?show=past").context["page"]
    second = client.get("/meetings/", {"show": "past", "after": first.after}).context["page"]
    assert (len(first.rows), len(second.rows)) == (25, 5)
    back = client.get("/meetings/", {"show": "past", "before": second.before}).context["page"]
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]


PAGES = [
    "schedule/", "attendees/", "facilitator/", "pre-read/", "brief/", "check-in/", "meeting.ics", "check-in.ics", "postmortem/",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_neither_stakeholders_nor_strangers_find_any_page(page: str):
    incident = make_incident(visibility="restricted", shared_at=timezone.now())
    postmortem = make_postmortem(incident)
    Promise.objects.create(postmortem=postmortem, kind="meeting", due_at=timezone.now())
    Meeting.objects.create(postmortem=postmortem, starts_at=timezone.now())
    Meeting.objects.create(postmortem=postmortem, starts_at=timezone.now(), kind="check_in")
    stakeholder = make_person(role="stakeholder")
    incident.named_people.add(stakeholder)
    address = f"/incidents/{incident.key}/{page}"
    for person in (stakeholder, make_person()):
        assert signed_in(person).get(address).status_code == 404
    assert signed_in(make_person(role="administrator")).get(address).status_code == 200


def test_a_stakeholder_has_no_list_and_no_way():
    incident = make_incident(shared_at=timezone.now(), review="needed")
    make_postmortem(incident)
    client = signed_in(make_person(role="stakeholder"))
    assert client.get("/meetings/").status_code == 404
    assert b"Find a time" not in client.get(f"/incidents/{incident.key}/").content
    assert b"Find a time" in signed_in(make_person()).get(f"/incidents/{incident.key}/").content


def test_restricted_meetings_stay_out_of_the_list():
    insider, outsider = make_person(), make_person()
    incident = make_incident("Hush hush", visibility="restricted")
    incident.named_people.add(insider)
    meet(make_postmortem(incident), insider, hours=50)
    assert b"Hush hush" in signed_in(insider).get("/meetings/").content
    assert b"Hush hush" not in signed_in(outsider).get("/meetings/").content
