"""What is counted over all incidents: services, the response, fixes; and what only sounds alike."""

from __future__ import annotations

import pytest
from django.test import Client

from followthrough.facts import queries as facts
from followthrough.facts.models import Aggregate, IncidentMetrics, Mechanism, RefreshQueue
from followthrough.facts.operations import aggregates
from followthrough.incidents.models import Incident
from followthrough.patterns.models import Pattern, Proposal
from followthrough.patterns.operations.proposals import propose_patterns
from followthrough.patterns.operations.refresh import refresh_all, refresh_queued
from followthrough.patterns.text_clusters import clusters_of
from tests.factories import make_entry, make_incident, make_person, make_postmortem, make_service, make_team
from tests.patterns.conftest import ago

pytestmark = pytest.mark.django_db

TEXTS = [
    "Elevated error rate on uploads of large pictures",
    "Large pictures fail to upload with errors",
    "Errors while uploading large pictures again",
    "Upload of large pictures returns errors",
    "Search results stale after index rebuild",
    "Certificate of the gateway expired overnight",
    "Replica lag on the ledger database",
    "Payroll export stopped halfway",
    "Calendar invitations arrive twice",
]


def test_months_are_counted_back_from_now():
    now = ago(0)
    months = aggregates.months_of([ago(1), ago(29), ago(89), ago(91), ago(454), ago(456)], now)
    assert (months[14], months[12], months[11], months[0], sum(months)) == (2, 1, 1, 1, 5)


def test_a_service_struck_without_any_confirmed_cause_is_counted_by_month(client, service):
    for days in (3, 5, 8, 13, 20, 31, 42, 60, 200, 400):
        make_incident(began_at=ago(days)).services.add(service)
    make_incident(began_at=ago(2), visibility=Incident.Visibility.RESTRICTED).services.add(service)
    refresh_all()
    (row,) = facts.aggregate("services")["rows"]
    assert (row["name"], row["year"], row["rate"]["recent"], row["alarm"]) == ("checkout", 9, 8, True)
    for address in ("/patterns/", "/patterns/services/"):
        page = client.get(address).content.decode()
        assert "checkout" in page
        assert "times as often as in the year before" in page
        assert ("How we know" in page, "95 % certainty" in page) == (address != "/patterns/",) * 2


def test_a_gap_in_detection_is_a_mechanism_of_its_own(struck):
    for days in (30, 10):
        struck(days, kind="detection_gap", category="monitoring", tags=["dns"])
    refresh_all()
    pattern = Pattern.objects.get(tag=None)
    assert (pattern.mechanism, pattern.name) == (
        Mechanism.DETECTION_GAP,
        "Problems in checkout noticed late: monitoring",
    )


def test_handoff_gaps_are_joined_across_services(struck):
    struck(30, kind="handoff_gap", category="communication")
    struck(10, kind="handoff_gap", category="communication").incident.services.set([make_service("search")])
    refresh_all()
    pattern = Pattern.objects.get()
    assert pattern.name == "Handoffs that go wrong: communication"
    assert sorted(pattern.services) == ["checkout", "search"]


@pytest.fixture
def slow(service):
    """Checkout takes five times as long as ten other incidents of search."""
    other = make_service("search")
    for days in range(1, 13):
        make_incident(minutes=40 + days, began_at=ago(days), detected_by="alert").services.add(other)
        make_incident(minutes=400 + days, began_at=ago(days + 20), detected_by="customer").services.add(
            service
        )
    refresh_all()


def test_a_service_that_usually_takes_longer_is_named_with_its_interval(slow, client):
    rows = facts.aggregate("response")["slower"]
    assert {row["service"] for row in rows} == {"checkout"}
    assert {row["stage"] for row in rows} == {"detect", "acknowledge", "mitigate", "resolve", "whole"}
    page = client.get("/patterns/response/").content.decode()
    assert "slow to detect" in page
    assert "12 of 12" in page


def test_like_services_are_not_said_to_be_slower(service):
    other = make_service("search")
    for days in range(1, 13):
        for place in (service, other):
            make_incident(minutes=40 + days, began_at=ago(days)).services.add(place)
    refresh_all()
    assert facts.aggregate("response")["slower"] == []


def test_handoffs_between_teams_are_counted(client):
    giver, taker = (make_person(team=make_team(name)) for name in ("Edge", "Payments"))
    postmortem = make_postmortem(make_incident(began_at=ago(5)))
    make_entry(postmortem, author=giver, minute=1)
    make_entry(postmortem, "Handed on to Payments", author=giver, minute=3, kind="handoff")
    make_entry(postmortem, author=taker, minute=15)
    refresh_all()
    assert facts.aggregate("response")["handoffs"]["cells"] == [["Edge", "Payments", 1, 12.0]]
    assert "Edge" in client.get("/patterns/response/").content.decode()


def test_figures_are_kept_of_open_incidents_only():
    shown, hidden = make_incident(began_at=ago(5)), make_incident(began_at=ago(5), visibility="restricted")
    refresh_all()
    figures = IncidentMetrics.objects.get()
    assert figures.pk == shown.pk != hidden.pk
    assert (round(figures.detect, 1), round(figures.resolve)) == (7.6, 38)


def test_words_alone_only_propose():
    (found,) = clusters_of(TEXTS)
    assert found.places == [0, 1, 2, 3]
    assert {"large", "pictures"} <= set(found.words)


def test_a_form_of_words_that_many_hold_joins_nothing():
    said = "Thank you for your patience while a detailed analysis follows soon."
    assert clusters_of([f"Text {word}{word} about {word} alone. {said}" for word in "abcdefgh"]) == []
    (found,) = clusters_of([f"{text}. {said}" for text in TEXTS])
    assert found.places == [0, 1, 2, 3]
    assert "patience" not in found.words


@pytest.fixture
def alike():
    for days, text in enumerate(TEXTS, 1):
        make_incident(text, began_at=ago(days))
    refresh_all()
    assert propose_patterns() == 1
    assert not Pattern.objects.exists()
    return Proposal.objects.get()


def test_a_person_makes_a_pattern_of_a_proposal(alike, client):
    page = client.get(f"/patterns/proposals/{alike.pk}/").content.decode()
    assert all(text in page for text in TEXTS[:4])
    keys = list(alike.incidents.order_by("pk").values_list("pk", flat=True))
    client.post(f"/patterns/proposals/{alike.pk}/", {"name": "Large uploads fail", "incident": keys[:3]})
    pattern = Pattern.objects.get()
    assert (pattern.name, pattern.incidents, pattern.by_people) == ("Large uploads fail", 3, True)
    assert propose_patterns() == 0


def test_what_was_refused_is_not_proposed_again_until_it_is_taken_up(alike, client):
    client.post(f"/patterns/proposals/{alike.pk}/refusal/")
    make_incident("Uploading large pictures ends in errors", began_at=ago(1))
    refresh_all()
    assert propose_patterns() == 0
    client.post(f"/patterns/proposals/{alike.pk}/restoration/")
    assert client.get("/patterns/proposals/").context["proposals"] == [alike]


def test_a_proposal_leaves_restricted_incidents_out(alike, client):
    hidden = alike.incidents.first()
    Incident.objects.filter(pk=hidden.pk).update(visibility="restricted")
    page = client.get(f"/patterns/proposals/{alike.pk}/")
    assert hidden.title not in page.content.decode()
    assert len(page.context["rows"]) == 3


@pytest.mark.parametrize("place", ["services", "response", "proposals", ""])
def test_pages_ask_the_same_number_of_questions_however_much_there_is(
    place, client, struck, django_assert_num_queries
):
    for days in (5, 6):
        struck(days)
    refresh_all()
    client.get(f"/patterns/{place}/" if place else "/patterns/")
    with django_assert_num_queries(1000, exact=False) as few:
        client.get(f"/patterns/{place}/" if place else "/patterns/")
    for days in range(1, 12):
        struck(days, tags=[f"tag-{days % 3}"]).incident.services.add(make_service())
    refresh_all()
    with django_assert_num_queries(len(few)):
        client.get(f"/patterns/{place}/" if place else "/patterns/")


def test_the_page_of_a_pattern_asks_no_more_for_many_incidents(client, struck, django_assert_num_queries):
    for days in (30, 10):
        struck(days)
    refresh_all()
    address = Pattern.objects.get().get_absolute_url()
    client.get(address)
    with django_assert_num_queries(1000, exact=False) as few:
        client.get(address)
    for days in range(1, 9):
        struck(days)
    refresh_all()
    with django_assert_num_queries(len(few)):
        client.get(address)


def test_pages_say_something_true_before_anything_is_there(person):
    client = Client()
    client.force_login(person)
    for place in ("", "services/", "response/", "proposals/"):
        assert client.get(f"/patterns/{place}").status_code == 200


def test_everything_is_counted_anew_only_every_few_minutes(service):
    make_incident(began_at=ago(3)).services.add(service)
    refresh_all()
    make_incident(began_at=ago(2)).services.add(service)
    for incident in Incident.objects.all():
        RefreshQueue.objects.get_or_create(incident=incident)
    refresh_queued()
    assert facts.aggregate("services")["rows"][0]["year"] == 1
    Aggregate.objects.filter(key="response").update(made_at=ago(1))
    assert refresh_queued() == 0
    assert facts.aggregate("services")["rows"][0]["year"] == 2
