"""Who comes and who leads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from followthrough.incidents.models import Involvement
from followthrough.meeting_room.queries.starting import doubts_about_starting
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem
from followthrough.scheduling import attendees
from followthrough.scheduling.operations import invitations, meeting_times
from followthrough.scheduling.queries import involvement
from followthrough.timeline.operations import add_entry
from tests.factories import (
    BEGAN,
    make_incident,
    make_person,
    make_postmortem,
    make_service,
    make_team,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def postmortem() -> PostMortem:
    """Checkout, owned by Payments, failed; Jonas was on call."""
    payments = make_team("Payments")
    incident = make_incident()
    incident.services.add(make_service("checkout", owner=payments))
    make_person("Priya Nair", team=payments, leads=True)
    jonas = make_person("Jonas Ekström", team=payments)
    Involvement.objects.create(incident=incident, person=jonas, role="on_call")
    return make_postmortem(incident)


def named(name: str) -> User:
    return User.objects.get(name=name)


def test_those_closest_to_the_work_are_suggested_with_reasons(postmortem: PostMortem):
    writer, earlier = make_person("Wanda Writer"), make_person("Earl Ier")
    add_entry(postmortem, text="Paged", happened_at=BEGAN, zone="UTC", by=writer)
    before = make_incident(began_at=BEGAN - timedelta(days=40))
    before.services.set(postmortem.incident.services.all())
    Involvement.objects.create(incident=before, person=earlier, role="responder")
    page = signed_in(writer).get(f"/incidents/{postmortem.key}/attendees/")
    found = {one.person.name: one for one in page.context["suggestions"]}
    assert found["Jonas Ekström"].reasons == ("On-call in the incident", "In Payments, which owns checkout")
    assert found["Wanda Writer"].reasons == ("Wrote a timeline entry",)
    assert found["Priya Nair"].reasons == ("Leads Payments, which owns checkout",)
    assert found["Earl Ier"].reasons == (f"Worked on {before.key}, same service",)
    assert [found[name].required for name in ("Jonas Ekström", "Wanda Writer", "Priya Nair", "Earl Ier")] == [
        True,
        True,
        False,
        False,
    ]
    assert page.context["suggestions"][0].person.name == "Jonas Ekström"


def test_an_incident_that_the_viewer_may_not_see_suggests_nobody(postmortem: PostMortem):
    earlier = make_person("Earl Ier")
    secret = make_incident(began_at=BEGAN - timedelta(days=40), visibility="restricted")
    secret.services.set(postmortem.incident.services.all())
    Involvement.objects.create(incident=secret, person=earlier, role="responder")
    page = signed_in(make_person()).get(f"/incidents/{postmortem.key}/attendees/")
    assert secret.key.encode() not in page.content
    assert earlier not in [one.person for one in page.context["suggestions"]]


def test_asking_changing_and_removing(postmortem: PostMortem):
    client, jonas = signed_in(make_person()), named("Jonas Ekström")
    address = f"/incidents/{postmortem.key}/attendees/"
    client.post(address, {"person": jonas.pk, "reason": "On-call", "required": "on"})
    row = Participant.objects.get()
    assert (row.person, row.required, row.reason) == (jonas, True, "On-call")
    client.post(f"{address}{row.pk}/", {"wish": "optional"})
    row.refresh_from_db()
    assert (row.required, row.reason) == (False, "On-call")
    client.post(f"{address}{row.pk}/", {"wish": "remove"})
    assert not Participant.objects.exists()
    assert client.post(f"{address}{row.pk}/", {"wish": "remove"}).status_code == 404


def test_more_than_eight_are_warned_about(postmortem: PostMortem):
    by = make_person()
    assert attendees.warning(8) == ""
    for _ in range(9):
        invitations.invite(postmortem, make_person(), by=by)
    page = signed_in(by).get(f"/incidents/{postmortem.key}/attendees/")
    assert b"9 people are more than 8" in page.content


def test_neutral_people_are_ranked_and_involved_ones_never_suggested(postmortem: PostMortem):
    busy, fresh, unwilling = make_person("Busy Body"), make_person("Fresh Face"), make_person("Un Willing")
    User.objects.filter(pk=unwilling.pk).update(willing_to_facilitate=False)
    for days in (10, 20):
        other = make_postmortem(facilitator=busy)
        Meeting.objects.create(
            postmortem=other, starts_at=timezone.now() - timedelta(days=days), state="held", minutes=60
        )
    page = signed_in(fresh).get(f"/incidents/{postmortem.key}/facilitator/")
    found = {one.person.name: one for one in page.context["suggestions"]}
    assert list(found) == ["Fresh Face", "Busy Body", "Priya Nair"]
    assert "No turn in the last 90 days" in found["Fresh Face"].reasons
    assert found["Busy Body"].doubts == ("2 turns in the last 90 days",)
    assert found["Priya Nair"].doubts == ("In the team that owns checkout",)


def test_who_has_another_meeting_at_that_time_comes_after_who_is_free(postmortem: PostMortem):
    everyday = {"working_days": list(range(7)), "work_starts": "00:00", "work_ends": "23:30"}
    taken, free = make_person("A Taken", **everyday), make_person("B Free", **everyday)
    start = (timezone.now() + timedelta(days=2)).replace(hour=10, minute=0)
    when = {"starts_at": start, "minutes": 60, "zone": "UTC", "by": free}
    meeting = meeting_times.schedule_meeting(postmortem, **when)
    other = make_postmortem(facilitator=taken)
    meeting_times.schedule_meeting(other, **when)
    found = {
        one.person.name: one.absence for one in involvement.candidates_for(postmortem, meeting, make_person())
    }
    assert found["A Taken"] == "Has something else on then"
    assert found["B Free"] == ""


def test_the_one_who_is_asked_accepts_hands_on_or_gives_back(postmortem: PostMortem):
    asker, first, second = make_person("Ask Er"), make_person("Fir St"), make_person("Sec Ond")
    address = f"/incidents/{postmortem.key}/"
    signed_in(asker).post(f"{address}facilitator/", {"person": first.pk})
    assert Message.objects.get(person=first).path == f"{address}facilitator/"
    assert b"Accept" in signed_in(first).get(f"{address}facilitator/").content
    signed_in(first).post(f"{address}facilitator/", {"person": second.pk})
    postmortem.refresh_from_db()
    assert (postmortem.facilitator, postmortem.facilitator_state) == (second, "asked")
    signed_in(second).post(f"{address}facilitation/", {"answer": "accept"})
    postmortem.refresh_from_db()
    assert postmortem.facilitator_state == "accepted"
    signed_in(second).post(f"{address}facilitation/", {"answer": "back"})
    postmortem.refresh_from_db()
    assert postmortem.facilitator is None


def test_handing_on_to_somebody_involved_without_a_reason_changes_nothing(postmortem: PostMortem):
    first, jonas = make_person("Fir St"), named("Jonas Ekström")
    invitations.ask_facilitator(postmortem, first, by=first)
    page = signed_in(first).post(f"/incidents/{postmortem.key}/facilitator/", {"person": jonas.pk})
    assert "took part" in str(page.context["form"].errors["reason"])
    postmortem.refresh_from_db()
    assert postmortem.facilitator == first
    signed_in(first).post(
        f"/incidents/{postmortem.key}/facilitator/", {"person": jonas.pk, "reason": "Nobody else is awake"}
    )
    postmortem.refresh_from_db()
    assert (postmortem.facilitator, postmortem.facilitator_reason) == (jonas, "Nobody else is awake")


def test_a_restricted_incident_offers_only_those_who_may_see_it(postmortem: PostMortem):
    insider = make_person("In Sider")
    incident = postmortem.incident
    incident.visibility = "restricted"
    incident.save()
    incident.named_people.add(insider)
    make_person("Out Sider")
    page = signed_in(insider).get(f"/incidents/{postmortem.key}/facilitator/")
    assert [one.person.name for one in page.context["suggestions"]] == ["In Sider"]
    assert b"Out Sider" not in page.content


def test_the_team_that_owns_what_failed_is_suggested_and_its_absence_said() -> None:
    platform, ivy = make_team("Platform"), make_person("Ivy")
    ken, tom = make_person("Ken", team=platform), make_person("Tom", team=platform)
    incident = make_incident()
    incident.services.add(make_service("postgres-primary", owner=platform))
    postmortem = make_postmortem(incident)
    browser, address = signed_in(ivy), f"/incidents/{incident.key}/attendees/"
    page = browser.get(address).content.decode()
    assert "Nobody of Platform, which owns postgres-primary, is asked." in page
    assert "In Platform, which owns postgres-primary" in page
    invitations.invite(postmortem, ivy, by=ivy)
    incident_pages = f"/incidents/{incident.key}"
    assert "Nobody of Platform" in browser.get(f"{incident_pages}/schedule/").content.decode()
    assert "Nobody of Platform" in browser.get(f"{incident_pages}/actions/").content.decode()
    said = doubts_about_starting(postmortem, None, "UTC", [ivy.pk])
    assert said == ["Nobody of Platform, which owns postgres-primary, is here."]
    postmortem.participants.all().delete()
    browser.post(address, {"all": "on"})
    for page in ("attendees", "schedule", "actions"):
        assert "Nobody of Platform" not in browser.get(f"{incident_pages}/{page}/").content.decode()
    assert {row.person for row in postmortem.participants.all()} == {ken, tom}
