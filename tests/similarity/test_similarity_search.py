"""What was seen before, and that "nothing" is an answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.incidents.models import Incident
from followthrough.incidents.operations.catalogue import tags_named
from followthrough.incidents.queries import search
from followthrough.meeting_room import similar_incidents
from followthrough.similarity.queries.similarity_search import similar_to
from tests.factories import make_incident, make_person, make_postmortem, make_service

pytestmark = pytest.mark.django_db

RESTRICTED = Incident.Visibility.RESTRICTED


@pytest.fixture
def person():
    return make_person("Priya Nair")


def told(title: str, *, days: float, services=(), tags=(), **fields) -> Incident:
    """An incident that can be found by its words."""
    incident = make_incident(title, began_at=timezone.now() - timedelta(days=days), **fields)
    incident.services.set(services)
    incident.tags.set(tags_named(tags))
    search.index([incident])
    return incident


@pytest.fixture
def gateway():
    return make_service("gateway")


@pytest.fixture
def expired(gateway):
    return told("Expired certificate stopped the gateway", days=200, services=[gateway], tags=["certificate"])


@pytest.fixture
def again(gateway):
    return told(
        "The gateway refused logins: certificate expired", days=1, services=[gateway], tags=["certificate"]
    )


def test_the_reasons_are_named(expired, again, person):
    (found,) = similar_to(again, person)
    assert found.incident == expired
    assert found.reasons[0] == "same service: gateway"
    assert "same tag: certificate" in found.reasons
    assert any(reason.startswith("same words: ") and "expired" in reason for reason in found.reasons)


def test_its_actions_come_with_it_unfinished_first(expired, again, person):
    postmortem = make_postmortem(expired)
    due = timezone.localdate()
    first, second = (
        actions.add_action(postmortem, text=text, by=person, owner=person, due_on=due)
        for text in ("Alert on certificates that expire within 21 days", "Write the renewal runbook")
    )
    actions.complete(actions.commit(first, by=person), by=person)
    (found,) = similar_to(again, person)
    assert found.actions == [second, first]
    assert found.done == 1


def test_nothing_similar_is_an_answer(again, person, gateway):
    told("A backfill filled the disks of the warehouse", days=30, services=[make_service("warehouse")])
    told("Slow pages for an hour", days=20, services=[gateway])
    assert similar_to(again, person) == []


def test_only_the_past_is_similar(expired, again, person):
    assert similar_to(expired, person) == []


def test_restricted_incidents_are_similar_only_for_those_who_may_see_them(again, person, gateway):
    hidden = told(
        "Expired certificate leaked a gateway key", days=50, services=[gateway], tags=["certificate"],
        visibility=RESTRICTED,
    )  # fmt: skip
    assert similar_to(again, person) == []
    hidden.named_people.add(person)
    assert [one.incident for one in similar_to(again, person)] == [hidden]
    assert similar_incidents.similar_to(again) == []


def test_the_live_room_is_told_what_everyone_may_know(expired, again):
    (row,) = similar_incidents.similar_to(again)
    assert row["key"] == expired.key
    assert "same service: gateway" in row["reason"]


def test_the_most_similar_come_first_and_no_more_than_asked_for(again, person, gateway):
    tags = ["certificate"]
    far = told("Certificate warning on the gateway", days=90, services=[gateway], tags=tags)
    near = told("Gateway refused logins after a certificate expired", days=80, services=[gateway], tags=tags)
    told("Certificate rotation slowed the gateway", days=70, services=[gateway], tags=tags)
    assert [one.incident for one in similar_to(again, person, limit=1)] == [near]
    assert far in [one.incident for one in similar_to(again, person)]


def test_the_incident_page_fetches_them_and_the_fragment_holds_them(expired, again, person):
    client = Client()
    client.force_login(person)
    address = f"/incidents/{again.key}/similar/"
    assert address in client.get(again.get_absolute_url()).content.decode()
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert expired.title in fragment
    assert "<html" not in fragment
    assert "<html" in client.get(address).content.decode()


def test_an_incident_that_is_not_shared_has_no_such_page(person, gateway):
    client = Client()
    client.force_login(person)
    hidden = told("Confidential", days=3, services=[gateway], visibility=RESTRICTED)
    assert client.get(f"/incidents/{hidden.key}/similar/").status_code == 404


def test_the_pre_read_shows_them(expired, again, person):
    client = Client()
    client.force_login(person)
    make_postmortem(again)
    assert expired.title in client.get(f"/incidents/{again.key}/pre-read/").content.decode()
