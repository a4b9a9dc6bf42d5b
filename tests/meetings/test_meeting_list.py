"""The list of meetings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from followthrough.meetings import queries
from followthrough.meetings.models import Meeting
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.operations import add_participant, open_postmortem
from followthrough.scheduling.operations import meeting_times
from tests.clock import Clock
from tests.factories import make_incident, make_person, make_postmortem, signed_in

pytestmark = pytest.mark.django_db


PAGES = [
    "schedule/", "attendees/", "facilitator/", "pre-read/", "brief/", "check-in/", "meeting.ics", "check-in.ics", "postmortem/",
]  # fmt: skip


def meet(postmortem: PostMortem, by: User, *, hours: float = 5) -> Meeting:
    starts_at = timezone.now() + timedelta(hours=hours)
    return meeting_times.schedule_meeting(postmortem, starts_at=starts_at, minutes=60, zone="UTC", by=by)


def test_the_list_shows_what_is_today_ahead_to_schedule_and_past(clock: Clock):
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


def test_who_was_asked_to_the_check_in_alone_is_counted_there_alone(clock: Clock):
    person, postmortem = make_person(), make_postmortem()
    add_participant(postmortem, person, by=person)
    add_participant(postmortem, make_person(), by=person, for_check_in=True)
    held = Meeting.objects.create(postmortem=postmortem, starts_at=timezone.now(), state="held")
    in_days = timezone.now() + timedelta(days=14)
    check_in = Meeting.objects.create(postmortem=postmortem, kind="check_in", starts_at=in_days)
    found = {one.pk: one.asked for one in queries.with_people(Meeting.objects.all())}
    assert found == {held.pk: 1, check_in.pk: 2}
