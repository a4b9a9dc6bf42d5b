"""The pages of actions, through the browser's own doors."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.actions import operations
from followthrough.actions.models import ActionItem
from followthrough.actions.queries.holding import judgement_delays
from followthrough.causes.operations import add_finding
from followthrough.incidents.models import Incident
from tests.factories import make_incident, make_person, make_postmortem, make_service, make_team

pytestmark = pytest.mark.django_db

SPECIFIC = "Add a CI check that rejects a config template with an empty required value"
S = ActionItem.State


@pytest.fixture
def person():
    return make_person("Priya Natarajan")


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def postmortem():
    return make_postmortem()


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def make_action(postmortem, owner, text=SPECIFIC, *, days=7, **fields) -> ActionItem:
    return operations.add_action(postmortem, text=text, by=owner, owner=owner, due_on=in_days(days), **fields)


def texts(response) -> list[str]:
    return [action.text for action in response.context["page"].rows]


def test_what_is_late_stands_on_top_and_says_by_how_much(client, person, postmortem):
    for text, days in (("Later", 9), ("Long past", -12), ("Just past", -1)):
        make_action(postmortem, person, text, days=days)
    response = client.get("/actions/")
    assert texts(response) == ["Long past", "Just past", "Later"]
    assert "12 days late" in response.content.decode()
    assert "1 day late" in response.content.decode()


def test_tabs_narrow_to_whose_actions_they_are(client, person, postmortem):
    team = make_team("Payments")
    person.memberships.create(team=team)
    make_action(postmortem, person, "Mine")
    make_action(postmortem, make_person("Team Mate", team=team), "Of my team")
    make_action(postmortem, make_person("Stranger"), "Of a stranger")
    assert set(texts(client.get("/actions/"))) == {"Mine"}
    assert set(texts(client.get("/actions/?who=team"))) == {"Mine", "Of my team"}
    assert set(texts(client.get("/actions/?who=all"))) == {"Mine", "Of my team", "Of a stranger"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=any", {"Lock the table", "Drill the failover", "Old"}),
        ("state=done", {"Old"}),
        ("state=late", {"Drill the failover"}),
        ("kind=learn", {"Drill the failover"}),
        ("priority=high", {"Lock the table"}),
        ("service=ledger", {"Lock the table"}),
        ("q=drill+failover", {"Drill the failover"}),
        ("q=ACT-1", {"Lock the table"}),
        ("incident=INC-999999", set()),
    ],
)
def test_every_filter_narrows(client, person, query, expected):
    incident = make_incident()
    incident.services.add(make_service("ledger"))
    make_action(make_postmortem(incident), person, "Lock the table", priority="high")
    other = make_postmortem()
    make_action(other, person, "Drill the failover", kind="learn", days=-3)
    old = make_action(other, person, "Old")
    operations.complete(operations.commit(old, by=person), by=person)
    assert set(texts(client.get(f"/actions/?who=all&{query}"))) == expected


def test_a_senseless_filter_is_named_and_left_out(client, person, postmortem):
    make_action(postmortem, person)
    response = client.get("/actions/?incident=nonsense")
    assert "An incident is called by its key" in response.content.decode()
    assert texts(response) == [SPECIFIC]


def test_pages_lead_on_and_back(client, person, postmortem):
    for number in range(60):
        make_action(postmortem, person, f"Action {number:02}", days=number)
    first = client.get("/actions/")
    second = client.get("/actions/", {"after": first.context["page"].after})
    assert [len(texts(first)), len(texts(second))] == [50, 10]
    assert texts(second)[0] == "Action 50"
    back = client.get("/actions/", {"before": second.context["page"].before})
    assert texts(back) == texts(first)


def test_actions_of_an_incident_that_is_not_shared_are_nowhere(client, person):
    hidden = make_incident("Something confidential", visibility=Incident.Visibility.RESTRICTED)
    insider = make_person("In Sider", role="administrator")
    action = make_action(make_postmortem(hidden), insider, "Rotate the signing key of the vault")
    for address in ("/actions/?who=all", "/actions/?who=all&view=board", "/actions/actions.csv?who=all"):
        response = client.get(address)
        assert "Rotate the signing key" not in response.content.decode()
    for address in ("", "edit/", "wording/?text=x"):
        assert client.get(f"/actions/{action.key}/{address}").status_code == 404
    assert client.post(f"/actions/{action.key}/removal/").status_code == 404


def test_stakeholders_have_no_such_page(postmortem, person):
    action = make_action(postmortem, person)
    reader = Client()
    reader.force_login(make_person("Greta Lind", role="stakeholder"))
    for address in ("/actions/", f"/actions/{action.key}/", "/actions/actions.csv"):
        assert reader.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/actions/?who=all", "/actions/?who=all&view=board"])
def test_the_number_of_queries_does_not_grow(client, person, postmortem, django_assert_num_queries, address):
    make_action(postmortem, person)
    client.get(address)
    with django_assert_num_queries(1000, exact=False) as one:
        client.get(address)
    for number in range(49):
        make_action(make_postmortem(), make_person(), f"Action {number}")
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_the_file_holds_the_same_actions_and_nothing_a_spreadsheet_would_run(client, person, postmortem):
    make_action(postmortem, person, "=HYPERLINK(“http://elsewhere”)", days=1)
    make_action(postmortem, person, "Add an alert", days=2, priority="high")
    response = client.get("/actions/actions.csv?who=all&kind=prevent")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [row["Action"] for row in rows] == ["'=HYPERLINK(“http://elsewhere”)", "Add an alert"]
    assert rows[1]["Owner"] == "Priya Natarajan"
    assert rows[1]["Priority"] == "High"
    assert rows[1]["Address"].endswith("/actions/ACT-2/")


def test_the_board_has_a_column_for_each_state(client, person, postmortem):
    committed = operations.commit(make_action(postmortem, person), by=person)
    make_action(postmortem, person, "Proposed one")
    columns = client.get("/actions/?view=board").context["columns"]
    assert {column.state: [card.action.pk for card in column.cards] for column in columns}[S.COMMITTED] == [
        committed.pk
    ]
    assert [len(column.cards) for column in columns] == [1, 1, 0, 0, 0]


def test_a_card_moves_one_step_and_leads_back_to_the_board(client, person, postmortem):
    action = make_action(postmortem, person)
    back = "/actions/?view=board"
    response = client.post(f"/actions/{action.key}/state/", {"to": "committed", "next": back})
    assert response["Location"] == back
    action.refresh_from_db()
    assert action.state == S.COMMITTED


def test_a_step_that_is_not_possible_is_refused_in_words(client, person, postmortem):
    action = make_action(postmortem, person)
    response = client.post(f"/actions/{action.key}/state/", {"to": "verified"}, follow=True)
    assert "cannot become verified in one step" in response.content.decode()
    action.refresh_from_db()
    assert action.state == S.PROPOSED


def test_nobody_is_led_to_another_site(client, person, postmortem):
    action = make_action(postmortem, person)
    response = client.post(
        f"/actions/{action.key}/state/", {"to": "committed", "next": "https://elsewhere.example/"}
    )
    assert response["Location"] == action.get_absolute_url()


def test_the_whole_way_from_proposal_to_verified(client, person, postmortem):
    action = make_action(postmortem, person)
    for to in ("committed", "in_progress", "done", "verified"):
        page = client.get(f"/actions/{action.key}/")
        assert to in {step.to for step in page.context["steps"]}
        said = (
            {"proof": "The drill paged us", "early_reason": "We drilled it at once"}
            if to == "verified"
            else {}
        )
        client.post(f"/actions/{action.key}/state/", {"to": to, **said})
    action.refresh_from_db()
    assert (action.state, action.verified_by) == (S.VERIFIED, person)


def test_declining_needs_a_reason_that_stays(client, person, postmortem):
    action = make_action(postmortem, person)
    response = client.post(f"/actions/{action.key}/state/", {"to": "declined"}, follow=True)
    assert "Say why it will not be done" in response.content.decode()
    client.post(f"/actions/{action.key}/state/", {"to": "declined", "reason": "The gateway is replaced"})
    assert "The gateway is replaced" in client.get(f"/actions/{action.key}/").content.decode()


def test_the_page_shows_what_the_action_answers_and_who_carries_how_much(client, person, postmortem):
    finding = add_finding(
        postmortem, kind="root_cause", text="The template allowed an empty value", by=person
    )
    action = make_action(postmortem, person, finding=finding, days=-2)
    page = client.get(f"/actions/{action.key}/").content.decode()
    assert "The template allowed an empty value" in page
    assert postmortem.incident.title in page
    assert "1 open" in page
    assert "1 late" in page


def edit_form(client, action) -> dict[str, object]:
    """The edit form's fields as a browser would send them."""
    form = client.get(f"/actions/{action.key}/edit/").context["form"]
    values = {name: form[name].value() for name in form.fields}
    values |= {f"initial-{name}": form[name].value() for name in form.FIELDS}
    return {name: "" if value is None else value for name, value in values.items()}


def test_editing_changes_only_what_was_changed(client, person, postmortem):
    action = make_action(postmortem, person)
    data = edit_form(client, action)
    operations.change_action(action, by=person, priority="high")
    response = client.post(f"/actions/{action.key}/edit/", data | {"kind": "detect"})
    assert response.status_code == 302
    action.refresh_from_db()
    assert (action.kind, action.priority) == ("detect", "high")


def test_two_people_editing_the_text_both_see_both(client, person, postmortem):
    action = make_action(postmortem, person)
    data = edit_form(client, action)
    operations.change_action(action, by=person, text="Add a schema check to CI for config templates")
    response = client.post(
        f"/actions/{action.key}/edit/", data | {"text": "Reject empty values at load time"}
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert "Add a schema check to CI for config templates" in page
    assert "Reject empty values at load time" in page
    again = data | {
        "text": "Reject empty values at load time",
        "base": response.context["form"]["base"].value(),
    }
    assert client.post(f"/actions/{action.key}/edit/", again).status_code == 302
    action.refresh_from_db()
    assert action.text == "Reject empty values at load time"


def test_a_refused_edit_keeps_what_was_typed(client, person, postmortem):
    action = operations.commit(make_action(postmortem, person), by=person)
    data = edit_form(client, action) | {"owner": "", "text": "Add a check for empty values to CI"}
    response = client.post(f"/actions/{action.key}/edit/", data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "A committed action keeps an owner" in page
    assert "Add a check for empty values to CI" in page


def test_hints_come_while_typing_and_stop_when_it_is_specific(client, person, postmortem):
    action = make_action(postmortem, person, "Improve monitoring")
    vague = client.get(f"/actions/{action.key}/wording/", {"text": "Improve monitoring"}).content.decode()
    assert "hints" in vague
    assert "Specific" in client.get(f"/actions/{action.key}/wording/", {"text": SPECIFIC}).content.decode()


def test_wording_that_somebody_accepts_is_not_questioned_again(client, person, postmortem):
    action = make_action(postmortem, person, "Improve monitoring")
    assert "could be more specific" in client.get(f"/actions/{action.key}/").content.decode()
    client.post(f"/actions/{action.key}/wording/")
    assert "could be more specific" not in client.get(f"/actions/{action.key}/").content.decode()


def test_removal_offers_the_way_back(client, person, postmortem):
    action = make_action(postmortem, person)
    listed = client.post(f"/actions/{action.key}/removal/", follow=True).content.decode()
    assert f"/actions/{action.key}/restoration/" in listed
    assert client.get(f"/actions/{action.key}/").status_code == 404
    page = client.post(f"/actions/{action.key}/restoration/", follow=True)
    assert page.status_code == 200
    assert "brought it back" in page.content.decode()


def test_links_are_added_and_removed(client, person, postmortem):
    action = make_action(postmortem, person)
    client.post(
        f"/actions/{action.key}/links/", {"url": "https://tracker.example/FTQ-412", "title": "FTQ-412"}
    )
    link = action.links.get()
    assert "FTQ-412" in client.get(f"/actions/{action.key}/").content.decode()
    client.post(f"/actions/{action.key}/links/{link.pk}/removal/")
    assert not action.links.exists()


def test_a_link_that_would_run_is_refused(client, person, postmortem):
    action = make_action(postmortem, person)
    page = client.post(f"/actions/{action.key}/links/", {"url": "javascript:alert(1)"}, follow=True)
    assert "A link begins with" in page.content.decode()
    assert not action.links.exists()


def test_collaborators_are_added_and_removed(client, person, postmortem):
    action, friend = make_action(postmortem, person), make_person("Jonas Olsen")
    client.post(f"/actions/{action.key}/collaborators/", {"person": friend.pk})
    assert "added a collaborator" in client.get(f"/actions/{action.key}/").content.decode()
    client.post(f"/actions/{action.key}/collaborators/{friend.pk}/removal/")
    assert not action.collaborators.exists()


def test_history_tells_changes_in_words(client, person, postmortem):
    action, other = make_action(postmortem, person), make_person("Jonas Olsen")
    operations.change_action(action, by=person, owner=other, due_on=date(2030, 5, 6))
    page = client.get(f"/actions/{action.key}/").content.decode()
    assert "<ins>Jonas Olsen</ins>" in page
    assert "Mon 6 May 2030" in page


def test_what_did_not_hold_is_replaced_from_its_page(client, person, postmortem):
    action = make_action(postmortem, person)
    ActionItem.objects.update(state=S.DONE, done_at=timezone.now())
    client.post(f"/actions/{action.key}/state/", {"to": "done", "proof": "It struck again on Friday"})
    page = client.get(f"/actions/{action.key}/").content.decode()
    assert "Did not hold" in page
    assert f"/incidents/{postmortem.key}/actions/?replaces={action.key}" in page
    form = {"text": "Shed load at 80 % of the pool", "kind": "prevent", "priority": "high"}
    client.post(f"/incidents/{postmortem.key}/actions/?replaces={action.key}", form)
    assert action.successors.get().no_finding_reason == f"In place of {action.key}"
    assert "In its place" in client.get(f"/actions/{action.key}/").content.decode()


def test_one_more_action_is_a_link_away_from_every_place(client, person, postmortem):
    action = make_action(postmortem, person)
    assert b'href="/actions/add/"' in client.get("/actions/").content
    address = f"/incidents/{postmortem.key}/actions/"
    assert address.encode() in client.get(f"/actions/{action.key}/").content
    assert client.get(f"/actions/add/?incident={postmortem.key}")["Location"] == address
    assert b"no post-mortem of" in client.get("/actions/add/?incident=INC-99999").content
    refused = client.post(address, {"text": "Alert at 80 %", "kind": "detect", "priority": "low"})
    assert refused.status_code == 422
    assert b"say where it comes from" in refused.content


def test_only_administrators_say_when_a_fix_can_be_judged(client, person):
    assert client.get("/settings/fixes/").status_code == 403
    person.role = "administrator"
    person.save()
    days = {"prevent": 14, "detect": 0, "mitigate": 7, "process": 7, "learn": 3}
    client.post("/settings/fixes/", days)
    assert judgement_delays() == days
    assert client.post("/settings/fixes/", days | {"learn": 91}).status_code == 422
