"""People's word on whether two incidents are the same thing again, and where likeness is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.activity.models import Activity
from followthrough.facts.models import Outcome
from followthrough.incidents.models import Incident
from followthrough.incidents.operations import change_incident
from followthrough.meetings.models import Meeting
from followthrough.patterns.operations.refresh import refresh_queued
from followthrough.similarity.models import SimilarityFeedback
from followthrough.similarity.queries.similarity_search import similar_since, similar_to
from tests.factories import make_incident, make_person, make_postmortem, signed_in

pytestmark = pytest.mark.django_db

PART = {"HX-Request": "true"}


@pytest.fixture
def person():
    return make_person("Priya Nair")


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person)
    return client


def told(title: str, *, days: float, **fields) -> Incident:
    return make_incident(title, began_at=timezone.now() - timedelta(days=days), **fields)


@pytest.fixture
def before():
    return told("Expired certificate stopped the gateway", days=200)


@pytest.fixture
def again():
    return told("The gateway refused logins: certificate expired", days=1)


def say(client: Client, incident: Incident, other: Incident, said: str, **more) -> str:
    return client.post(
        f"/incidents/{incident.key}/similar/{other.key}/", {"said": said, **more}, headers=PART
    ).content.decode()


def test_a_confirmed_link_stands_whatever_is_computed(client, person, again):
    other = told("A backfill filled the disks of the warehouse", days=30)
    say(client, again, other, "alike")
    (found,) = similar_to(again, person)
    assert (found.incident, found.band) == (other, "Confirmed by Priya Nair")
    assert [one.incident for one in similar_to(other, person)] == [again]
    row = Activity.objects.get(topic=other.topic, verb="confirmed")
    assert row.changes == {"incident": [None, again.key]}


def test_what_was_ruled_out_is_not_shown_again_until_it_is_taken_back(client, person, before, again):
    assert [one.incident for one in similar_to(again, person)] == [before]
    part = say(client, again, before, "different")
    assert "1 ruled out by people" in part
    assert similar_to(again, person) == []
    say(client, again, before, "nothing")
    assert [one.incident for one in similar_to(again, person)] == [before]
    assert not SimilarityFeedback.objects.exists()


def test_saying_it_twice_changes_nothing(client, before, again):
    for _ in range(2):
        say(client, again, before, "alike")
    say(client, before, again, "alike")
    assert Activity.objects.filter(kind="similarity.similarityfeedback").count() == 1


def test_without_a_page_script_one_comes_back_to_the_page(client, before, again):
    answer = client.post(f"/incidents/{again.key}/similar/{before.key}/", {"said": "alike"})
    assert answer.url == f"/incidents/{again.key}/similar/"


def test_nobody_speaks_of_incidents_they_may_not_see(client, again):
    hidden = told("Confidential", days=3, visibility=Incident.Visibility.RESTRICTED)
    for first, second in ((again, hidden), (hidden, again)):
        answer = client.post(f"/incidents/{first.key}/similar/{second.key}/", {"said": "alike"})
        assert answer.status_code == 404
    assert not SimilarityFeedback.objects.exists()


def test_a_confirmed_link_to_a_restricted_incident_stays_with_those_who_may_see_it(client, person, again):
    hidden = told("Expired certificate leaked a key", days=30, visibility=Incident.Visibility.RESTRICTED)
    hidden.named_people.add(person)
    say(client, again, hidden, "alike")
    assert [one.incident for one in similar_to(again, person)] == [hidden]
    assert similar_to(again, make_person()) == []


def test_a_history_forgets_what_was_restricted_since(client, person, again):
    secret, later = (
        told("Expired certificate leaked a key", days=20),
        told("Expired certificate again", days=10),
    )
    say(client, secret, later, "alike")
    reader = signed_in(make_person())
    assert secret.key in reader.get(f"/incidents/{later.key}/history/").content.decode()
    change_incident(secret, visibility=Incident.Visibility.RESTRICTED, by=person)
    page = reader.get(f"/incidents/{later.key}/history/").content.decode()
    assert not [word for word in (secret.key, secret.title, "confirmed likeness") if word in page]
    assert secret.key in client.get(f"/incidents/{later.key}/history/").content.decode()


def test_a_history_does_not_name_what_its_readers_may_not_see(client, person):
    hidden = told("Expired certificate leaked a key", days=30, visibility=Incident.Visibility.RESTRICTED)
    hidden.named_people.add(person)
    later = told("Certificate expired anew", days=0)
    say(client, later, hidden, "different")
    assert Activity.objects.get(topic=later.topic, verb="ruled out").label == "with another incident"
    history = client.get(f"/incidents/{later.key}/history/").content.decode()
    assert "ruled out" in history
    assert hidden.title not in history


def test_the_check_in_shows_what_came_since(client, person, before, again):
    postmortem = make_postmortem(before)
    Meeting.objects.create(
        postmortem=postmortem, kind=Meeting.Kind.CHECK_IN, starts_at=timezone.now(), minutes=30, zone="UTC"
    )
    assert [one.incident for one in similar_since(before, person)] == [again]
    page = client.get(f"/incidents/{before.key}/check-in/").content.decode()
    assert "Like this, since" in page
    assert again.title in page


def test_a_typed_sentence_finds_what_sounds_like_it(client, before):
    told("A backfill filled the disks of the warehouse", days=30)
    listed = client.get("/incidents/", {"q": "certificates are expiring on the gateway"}).content.decode()
    assert "/incidents/similar/?q=certificates" in listed
    part = client.get(
        "/incidents/similar/", {"q": "certificates are expiring on the gateway"}, headers=PART
    ).content.decode()
    assert before.title in part
    assert "backfill" not in part
    assert "No incident sounds like" in client.get("/incidents/similar/?q=zebra").content.decode()


def test_a_sentence_finds_nothing_that_one_may_not_see(client, person):
    hidden = told(
        "Expired certificate stopped the gateway", days=3, visibility=Incident.Visibility.RESTRICTED
    )
    question = "/incidents/similar/?q=expired+certificate+on+the+gateway"
    assert hidden.title not in client.get(question).content.decode()
    hidden.named_people.add(person)
    assert hidden.title in client.get(question).content.decode()


def test_one_word_is_looked_up_and_not_compared(client, before):
    assert "/incidents/similar/" not in client.get("/incidents/", {"q": "certificate"}).content.decode()


def test_a_confirmed_link_says_that_a_fix_did_not_hold(client, person, struck):
    fixed, later = struck(60), struck(10, category="code")
    action = actions.add_action(
        fixed, text="Add a CI check that rejects an empty value", by=person, owner=person,
        due_on=timezone.localdate(), finding=fixed.findings.get(),
    )  # fmt: skip
    actions.complete(actions.commit(action, by=person), by=person)
    ActionItem.objects.filter(pk=action.pk).update(done_at=timezone.now() - timedelta(days=50))

    def held() -> bool | None:
        refresh_queued()
        return Outcome.objects.get(action=action).held

    assert held() is True
    say(client, later.incident, fixed.incident, "alike")
    assert held() is False
    say(client, later.incident, fixed.incident, "nothing")
    assert held() is True


def test_the_cost_does_not_grow(client, again):
    def cost() -> int:
        client.get(f"/incidents/{again.key}/similar/", headers=PART)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/incidents/{again.key}/similar/", headers=PART)
        return len(queries)

    told("Gateway certificate expired, logins refused", days=5)
    one = cost()
    for days in range(12):
        told(f"Gateway certificate {days} expired, logins refused", days=5 + days)
    assert cost() == one
