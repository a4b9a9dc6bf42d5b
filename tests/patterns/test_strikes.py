"""It struck again while a fix was open: who hears of it, once, and where it stands."""

from __future__ import annotations

import pytest
from django.utils import timezone

from followthrough.incidents import operations as incidents
from followthrough.incidents.models import Incident
from followthrough.notifications.models import Message
from followthrough.patterns import tasks
from followthrough.people.models import User
from followthrough.similarity.operations import give_feedback
from tests.factories import make_severity, signed_in
from tests.mailbox import Mailbox
from tests.worlds import World, make_world

pytestmark = pytest.mark.django_db
AGAIN = "Checkout outage 1 again: an empty value in a template of the checkout."


@pytest.fixture
def world() -> World:
    return make_world()


def strike(world: World, **fields: object) -> Incident:
    incident = incidents.report_incident(
        title="Checkout outage 1",
        severity=make_severity(),
        began_at=timezone.now(),
        what_happened=AGAIN,
        services=[world.service],
        tags=["template"],
        by=world.ada,
        **fields,  # type: ignore[arg-type]
    )
    tasks.tell_of_strikes.func(incident.pk)
    return incident


def told(person: User) -> list[str]:
    return list(Message.objects.filter(person=person, kind="recurrence").values_list("subject", flat=True))


def test_owner_lead_and_facilitator_hear_it_once(world: World) -> None:
    incident = strike(world)
    words = "It struck again while ACT-1 was open: Checkout outage 1"
    for person in (world.ada, world.otto, world.bo):
        assert words in told(person)
    assert told(world.sam) == []
    before = Message.objects.count()
    tasks.tell_of_strikes.func(incident.pk)
    assert Message.objects.count() == before
    client = signed_in(world.ada)
    for page in (f"/incidents/{incident.key}/", "/actions/ACT-1/"):
        assert "It struck again while ACT-1 was open" in client.get(page).content.decode()


def test_only_who_may_see_both_hear_of_it(world: World) -> None:
    incident = strike(world, visibility=Incident.Visibility.RESTRICTED, named_people=[world.ada])
    assert told(world.ada)
    assert told(world.otto) == told(world.bo) == []
    assert "struck again" not in signed_in(world.otto).get("/actions/ACT-1/").content.decode()
    assert incident.pk == 4


def test_what_is_no_likeness_or_long_ago_alarms_nobody(world: World) -> None:
    other = incidents.report_incident(
        title="Printer on fire", severity=make_severity(), began_at=timezone.now(), by=world.ada
    )
    tasks.tell_of_strikes.func(other.pk)
    assert told(world.ada) == []
    give_feedback(Incident.objects.get(pk=1), other, alike=True, by=world.ada)
    tasks.tell_of_strikes.func(other.pk)
    assert told(world.ada) == ["It struck again while ACT-1 was open: Printer on fire"]


def test_it_arrives_by_mail_once_and_at_nobody_else(world: World, mailbox: Mailbox) -> None:
    """From the form of a report to what a mail server was given, with the address that leads to the incident."""
    for person in (world.ada, world.otto, world.sam):
        mailbox.sent_to(person)
    said = {
        "title": "Checkout outage 1",
        "kind": "outage",
        "severity": make_severity().pk,
        "zone": "UTC",
        "what_happened": AGAIN,
        "services": [world.service.pk],
        "tags": "template",
        "customer_impact": "none",
        "visibility": "open",
        "started_at": f"{timezone.now():%Y-%m-%d %H:%M}",
        "people-TOTAL_FORMS": 0,
        "people-INITIAL_FORMS": 0,
    }
    assert signed_in(world.bo).post("/incidents/new/", said).status_code == 302
    incident = Incident.objects.latest("pk")
    subject = "It struck again while ACT-1 was open: Checkout outage 1"
    for person in (world.ada, world.otto):
        (mail,) = [one for one in mailbox.sent_to(person) if one["Subject"] == subject]
        assert f"/incidents/{incident.key}/" in mail.get_body(("plain",)).get_content()
    assert not [one for one in mailbox.sent_to(world.sam) if "struck again" in one["Subject"]]
    tasks.tell_of_strikes.func(incident.pk)
    assert [one["Subject"] for one in mailbox.sent_to(world.ada)].count(subject) == 1
