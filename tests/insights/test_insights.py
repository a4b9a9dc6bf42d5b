"""Figures that say no more than they can carry."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.facts.models import Outcome
from followthrough.incidents.models import Impact, Incident
from followthrough.incidents.operations import change_incident, set_milestone
from followthrough.patterns.operations.refresh import refresh_all, refresh_incident, refresh_queued
from followthrough.postmortems.models import Promise
from tests.factories import (
    explain_missing,
    make_incident,
    make_person,
    make_postmortem,
    make_service,
    make_severity,
    make_team,
)

pytestmark = pytest.mark.django_db


def ago(days: float):
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def person():
    return make_person("Priya Nair")


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person)
    return client


def card(client, key: str, query: str = ""):
    sections = client.get(f"/insights/{query}").context["sections"]
    return next(one.measure for _, cards in sections for one in cards if one.measure.key == key)


def reviewed(days: float, *, kept: float | None, **fields):
    """An incident whose meeting was due three days after it; `kept` days after it, or not at all."""
    incident = make_incident(began_at=ago(days), **fields)
    Promise.objects.create(
        postmortem=make_postmortem(incident),
        kind=Promise.Kind.MEETING,
        due_at=ago(days - 3),
        kept_at=None if kept is None else ago(days - kept),
    )
    return incident


def said(client, key: str, query: str = "") -> str:
    sections = client.get(f"/insights/{query}").context["sections"]
    return next(one.sentence for _, cards in sections for one in cards if one.measure.key == key)


def test_before_anything_is_known_one_card_says_so(client):
    page = client.get("/insights/").content.decode()
    assert "Nothing to count yet" in page
    assert "<svg class=" not in page.partition("<main")[2]
    assert "insight-sentence" not in page


def test_one_incident_is_told_as_one_and_draws_no_empty_axes(client):
    leader = make_person("Sana Qureshi")
    incident = reviewed(30, kept=1)
    Impact.objects.create(incident=incident, revenue_lost=200)
    incident.postmortem.facilitator = leader
    incident.postmortem.closed_at = ago(29)
    incident.postmortem.save()
    refresh_all()
    page = client.get("/insights/").content.decode()
    assert said(client, "reviewed") == "The only post-mortem met within the window of its severity."
    assert said(client, "facilitation") == "1 person led 1 meeting."
    assert said(client, "cost") == "EUR 200 in all, over the 1 incident whose cost is known."
    assert "Nothing to show yet for:" in page
    assert not re.search(r"\b1 (people|meetings|incidents|fixes|outages|actions)\b", page)


def test_statistics_are_named_only_under_how_we_know(client):
    for number in range(15):
        reviewed(5 + number, kept=1)
        make_incident(minutes=200 + number, began_at=ago(number + 400))
    refresh_all()
    page = client.get("/insights/").content.decode()
    surface = re.sub(
        r"<details.*?</details>|aria-label=\"[^\"]*\"", "", page.partition("<main")[2], flags=re.DOTALL
    )
    assert "geometric mean" in page
    for name in ("geometric", "median", "Kaplan", "Mann", "Wilson", "bootstrap", "p =", "n ="):
        assert name not in surface
    assert surface.count("insight-sentence") >= 4


def test_incidents_are_counted_by_month_beside_the_period_before(client):
    for days in (3, 40, 41, 500):
        make_incident(began_at=ago(days))
    refresh_all()
    found = card(client, "months")
    assert (found.n, found.before) == (3, 1)
    assert len(found.rows) in {13, 14}, "the months that the last twelve touch"
    assert said(client, "months") == "3 incidents in the last 12 months; 1 in the 12 months before."


def test_actions_on_time_are_counted_by_team(client, person):
    for name, states in (("Payments", (1, 1, 0)), ("Edge", (1,))):
        team = make_team(name)
        for done in states:
            incident = make_incident(began_at=ago(60))
            incident.teams.add(team)
            ActionItem.objects.create(
                postmortem=make_postmortem(incident), number=ActionItem.objects.count() + 1, text="Alert on latency", owner=person,
                due_on=ago(20).date(), committed_at=ago(55), state="done" if done else "committed",
                done_at=ago(30) if done else None,
            )  # fmt: skip
    refresh_all()
    assert card(client, "teams").rows == [("Payments", 2, 3), ("Edge", 1, 1)]
    assert said(client, "teams") == "From 100 % (Edge) to 67 % (Payments)."
    assert said(client, "teams", "?team=edge") == "Edge finished 1 of 1 action on time."


def test_the_page_begins_with_one_sentence_over_all(client):
    for kept in (1, None):
        Impact.objects.create(incident=reviewed(30, kept=kept), revenue_lost=1500)
    refresh_all()
    assert (
        "1 of 2 post-mortems in time, EUR 3,000 of known cost." in client.get("/insights/").content.decode()
    )


def test_reviews_in_the_window_are_kept_late_or_not_yet_to_be_judged(client):
    for kept in (1, 2, 5, None):
        reviewed(30, kept=kept)
    reviewed(1, kept=None)
    refresh_all()
    share = card(client, "reviewed")
    assert (share.part, share.whole, share.percent) == (2, 4, 50)
    assert sum(whole for _, _, whole in share.months) == 4


def test_durations_are_counted_from_the_start_with_their_interval(client):
    for number in range(9):
        make_incident(minutes=20 + 10 * number, began_at=ago(number + 1))
    refresh_all()
    found = card(client, "resolve")
    assert found.spread.n == 9
    assert found.spread.median.value == pytest.approx(60)
    assert found.spread.median.low < 60 < found.spread.median.high
    assert card(client, "detect").spread.median.value == pytest.approx(12)


def test_no_change_is_claimed_where_there_is_none_and_it_says_how_many_it_takes(client):
    for number in range(12):
        for days in (number + 1, number + 400):
            make_incident(minutes=20 + 10 * number, began_at=ago(days))
    refresh_all()
    verdict = card(client, "resolve").verdict
    assert "No change can be claimed" in verdict
    assert "To see a change by half takes about" in verdict


def test_a_clear_change_is_claimed_with_its_p(client):
    for number in range(15):
        make_incident(minutes=20 + number, began_at=ago(number + 1))
        make_incident(minutes=200 + number, began_at=ago(number + 400))
    refresh_all()
    verdict = card(client, "resolve").verdict
    assert verdict.startswith("Shorter than in the period before")
    assert "Mann–Whitney p =" in verdict


def test_a_share_that_fell_clearly_is_said_to_have_fallen(client):
    for number in range(12):
        reviewed(30 + number, kept=None)
        reviewed(430 + number, kept=1)
    refresh_all()
    assert card(client, "reviewed").verdict.startswith("Less than in the period before: 0 % instead of 100 %")


def test_restricted_incidents_are_in_no_figure_for_nobody(client):
    administrator = Client()
    administrator.force_login(make_person(role="administrator"))
    for number in range(6):
        make_incident(began_at=ago(number + 1))
    make_incident(began_at=ago(2), visibility=Incident.Visibility.RESTRICTED)
    refresh_all()
    for reader in (client, administrator):
        assert card(reader, "resolve").spread.n == 6
        assert "INC" in reader.get("/insights/resolve.csv").content.decode()
        assert len(reader.get("/insights/resolve.csv").content.splitlines()) == 7


def test_what_is_chosen_narrows_every_figure_and_stands_in_the_address(client):
    team, other = make_team("Payments"), make_team("Edge")
    service = make_service("checkout", owner=team)
    for number in range(6):
        make_incident(began_at=ago(number + 1), severity=make_severity("SEV1")).services.add(service)
        make_incident(began_at=ago(number + 1), severity=make_severity("SEV3")).teams.add(other)
    refresh_all()
    for query in ("?service=checkout", "?team=payments", "?severity=SEV1", "?team=edge"):
        assert card(client, "resolve", query).spread.n == 6
        assert f'href="/insights/resolve.csv{query}"' in client.get(f"/insights/{query}").content.decode()
    assert card(client, "resolve").spread.n == 12


def test_the_period_is_chosen(client):
    for days in (10, 20, 30, 40, 50, 200, 210, 220, 230, 240):
        make_incident(began_at=ago(days))
    refresh_all()
    assert card(client, "resolve", "?period=3").spread.n == 5
    assert card(client, "resolve", "?period=12").spread.n == 10
    assert card(client, "resolve", "?period=nonsense&team=none").spread.n == 10


def test_costs_are_counted_only_where_they_are_known(client):
    for number in range(7):
        incident = make_incident(began_at=ago(number + 1))
        if number < 5:
            Impact.objects.create(
                incident=incident, people=4, hours_each=2, cost_per_hour=100, revenue_lost=200
            )
    refresh_all()
    found = card(client, "cost")
    assert (found.spread.n, found.missing, found.spread.median.value) == (5, 2, 1000)


def test_facilitation_is_counted_by_who_led(client):
    leader = make_person("Sana Qureshi")
    for number in range(3):
        make_postmortem(
            make_incident(began_at=ago(number + 5)), facilitator=leader, closed_at=ago(number + 2)
        )
    make_postmortem(make_incident(began_at=ago(9)), facilitator=leader)
    refresh_all()
    assert card(client, "facilitation").rows == [("Sana Qureshi", 3)]


def test_the_download_holds_the_values_behind_the_drawing(client):
    for kept in (1, 5):
        reviewed(30, kept=kept)
    refresh_all()
    answer = client.get("/insights/reviewed.csv")
    assert answer["Content-Type"].startswith("text/csv")
    head, *rows = csv.reader(io.StringIO(answer.content.decode()))
    assert head == ["month", "kept", "due"]
    assert [row[1:] for row in rows] == [["1", "2"]]
    assert client.get("/insights/nothing.csv").status_code == 404


@pytest.mark.parametrize("name", ['=HYPERLINK("http://evil.example","x")', "@SUM(1+1)*cmd|' /C calc'!A0"])
def test_no_name_of_a_facilitator_is_a_formula(client, name):
    leader = make_person(name, email="leader@example.org")
    make_postmortem(make_incident(began_at=ago(5)), facilitator=leader, closed_at=ago(2))
    refresh_all()
    answer = client.get("/insights/facilitation.csv")
    assert [row[0] for row in csv.reader(io.StringIO(answer.content.decode()))][1:] == [f"'{name}"]


def test_every_drawing_has_its_words_and_a_table(client):
    for number in range(8):
        reviewed(number + 5, kept=number)
    refresh_all()
    page = client.get("/insights/").content.decode()
    assert page.count('<svg class="insight"') == page.count('role="img"') - page.count('class="curve"')
    assert page.count("<details><summary>How we know") >= 5
    assert "style=" not in page


def test_stakeholders_have_no_such_page():
    reader = Client()
    reader.force_login(make_person(role="stakeholder"))
    for address in ("/insights/", "/insights/resolve.csv"):
        assert reader.get(address).status_code == 404


def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries):
    team = make_team("Payments")
    make_service("checkout", owner=team)
    query = "?team=payments&service=checkout&severity=SEV2&period=24"
    for number in range(21):
        reviewed(5 * number + 5, kept=1)
        refresh_incident(Incident.objects.latest("pk").pk)
        if number in {0, 20}:
            with CaptureQueriesContext(connection) as first:
                client.get(f"/insights/{query}")
            with CaptureQueriesContext(connection) as again:
                client.get(f"/insights/{query}")
            if number == 0:
                few, fewer = len(first), len(again)
    assert (len(first), len(again)) == (few, fewer)
    assert fewer < few
    assert not Outcome.objects.exists()


def test_what_was_counted_stands_until_something_changes(client, person):
    checkout, search = make_service("checkout"), make_service("search")
    incidents = [make_incident(began_at=ago(number + 1)) for number in range(6)]
    for incident in incidents:
        incident.services.add(checkout)
    refresh_all()
    change_incident(incidents[0], by=person, services=[search])
    refresh_queued()
    assert card(client, "resolve", "?service=checkout").spread.n == 5
    assert card(client, "resolve").spread.n == 6
    change_incident(incidents[1], by=person, visibility=Incident.Visibility.RESTRICTED, named_people=[person])
    assert card(client, "resolve").spread.n == 5
    set_milestone(incidents[2], "started", at=ago(800), by=person)
    refresh_queued()
    assert card(client, "resolve").spread is None
    assert card(client, "resolve", "?period=60").spread.n == 5


def test_what_closed_empty_is_counted_and_no_review(client):
    person = make_person()
    for number in range(2):
        at = ago(number + 5)
        postmortem = make_postmortem(make_incident(began_at=at), closed_at=at)
        Promise.objects.create(
            postmortem=postmortem, kind="meeting", due_at=at + timedelta(days=1), kept_at=at
        )
        if number:
            explain_missing(postmortem, by=person)
    refresh_all()
    assert (card(client, "reviewed").part, card(client, "reviewed").whole) == (1, 2)
    assert ("No cause", 1) in card(client, "omissions").rows
    assert b"No finding" in client.get("/insights/omissions.csv").content


def test_days_late_are_told_by_team_in_the_month_in_which_it_ended(client):
    incident = make_incident(kind="project_end", began_at=ago(300), zone="Europe/Berlin")
    incident.teams.add(make_team("Billing"))
    set_milestone(incident, "planned_end", at=ago(50), by=None)
    set_milestone(incident, "actual_end", at=ago(7), by=None)
    refresh_incident(incident.pk)
    late = card(client, "lateness", "?period=3")
    assert late.rows == [("Billing", 1, 43, 43)]
    page = client.get("/insights/?period=3").content.decode()
    assert "ended 43 days late." in page
    file = client.get("/insights/lateness.csv?period=3").content.decode()
    assert f'"{incident.key}",43' in file
