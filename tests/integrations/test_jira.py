"""Jira, Cloud and Data Center: what is its own. What all trackers share is tried on GitHub."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import holding
from followthrough.actions.queries.holding import unsettled
from followthrough.integrations.models import Delivery, IssueLink, TrackerConnection
from followthrough.integrations.operations import connections, sending
from followthrough.people.models import User
from tests.factories import make_incident, make_person, make_postmortem, signed_in
from tests.integrations.conftest import day
from tests.integrations.jira_server import JiraServer, signed
from tests.integrations.tracker_server import lost_after

pytestmark = pytest.mark.django_db
S = ActionItem.State


@dataclass
class Board:
    """A connected Jira."""

    jira: JiraServer
    connection: TrackerConnection
    secret: str
    owner: User
    administrator: User

    def work(self) -> None:
        TrackerConnection.objects.update(retry_at=None, paused_until=None)
        self.connection.refresh_from_db()
        sending.take_turn(self.connection)
        self.connection.refresh_from_db()

    def poll(self) -> None:
        TrackerConnection.objects.update(reconcile_at=None)
        self.work()

    def deliver(self, client: Client, body: bytes | None = None) -> Any:
        body = body or self.jira.webhooks.pop()
        path = f"/in/jira/{self.connection.pk}/"
        return client.post(path, body, content_type="application/json", headers=signed(self.secret, body))

    def action(self, text: str = "Add an alert on pool use") -> ActionItem:
        made = actions.add_action(
            make_postmortem(make_incident()), text=text, owner=self.owner, due_on=day(9), by=self.owner
        )
        return actions.commit(made, by=self.owner)


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def board(request: pytest.FixtureRequest, reachable: None) -> Iterator[Board]:
    with JiraServer(is_cloud=request.param).running() as jira:
        administrator = make_person(role="administrator")
        values = {"base_url": jira.address, "token": jira.token, "declined": "Won't Do"}
        values |= {"email": "bot@example.org"} if jira.is_cloud else {}
        connection, secret = connections.connect(service="jira", name="Jira", values=values, by=administrator)
        connections.add_rule(connection, target="CHK", by=administrator)
        owner = make_person("Mona", email="mona@example.org")
        made = Board(jira, connection, secret, owner, administrator)
        made.work()
        yield made


def test_an_action_goes_there_and_every_state_comes_back(board: Board, client: Client) -> None:
    action = board.action()
    board.work()
    issue = board.jira.only()
    fields = issue["fields"]
    assert (fields["summary"], fields["duedate"]) == (action.text, str(day(9)))
    assert fields["assignee"] == {board.jira.person: "a1:mona"}
    (card,) = board.jira.links["CHK-1"].values()
    assert "Checkout returned 502" in card["summary"]
    assert [link.title for link in action.links.all()] == ["CHK-1"]
    for status, state in (("In Progress", S.IN_PROGRESS), ("To Do", S.COMMITTED), ("Done", S.DONE)):
        board.jira.move(issue, status)
        assert board.deliver(client).status_code == 202
        board.work()
        action.refresh_from_db()
        assert action.state == state
    board.jira.move(issue, "Done", resolution="Won't Do")
    board.poll()
    action.refresh_from_db()
    assert action.state == S.DECLINED


def test_what_changes_here_goes_through_the_workflow_there(board: Board) -> None:
    action = board.action()
    board.work()
    fields = board.jira.only()["fields"]
    actions.start(action, by=board.owner)
    board.work()
    assert fields["status"]["name"] == "In Progress"
    actions.change_action(action, text="Add two alerts", due_on=day(3), by=board.owner)
    actions.complete(action, by=board.owner)
    board.work()
    assert (fields["status"]["name"], fields["resolution"]["name"]) == ("Done", "Done")
    assert (fields["summary"], fields["duedate"]) == ("Add two alerts", str(day(3)))
    actions.reopen(action, by=board.owner)
    board.work()
    actions.decline(action, reason="The pool is gone since the move", by=board.owner)
    board.work()
    assert fields["resolution"]["name"] == "Won't Do"
    written = [request for request in board.jira.writes() if "/search" not in request.path]
    board.poll()
    assert [request for request in board.jira.writes() if "/search" not in request.path] == written


def test_reopened_there_asks_again_here(board: Board, client: Client) -> None:
    action = board.action()
    board.work()
    actions.complete(action, by=board.owner)
    ActionItem.objects.update(done_at=timezone.now() - timedelta(days=30))
    action.refresh_from_db()
    holding.verify(action, proof="Four quiet weeks", by=board.owner)
    board.work()
    assert board.jira.only()["fields"]["status"]["name"] == "Done"
    board.jira.move(board.jira.only(), "To Do")
    board.deliver(client)
    board.work()
    action.refresh_from_db()
    assert (action.state, action.verified_at) == (S.COMMITTED, None)
    assert unsettled(action.postmortem).get() == action


def test_an_issue_is_made_once_though_nobody_heard_of_it(board: Board) -> None:
    board.action()
    board.jira.faults = [lost_after]
    board.work()
    board.work()
    assert len(board.jira.issues) == 1
    assert len(board.jira.links["CHK-1"]) == 1
    assert IssueLink.objects.get().key == "CHK-1"


def test_who_may_not_be_assigned_is_left_out_rather_than_nothing_sent(board: Board) -> None:
    connections.set_account(board.connection, person=board.owner, account="a1:gone", by=board.administrator)
    board.action()
    board.work()
    assert board.jira.only()["fields"]["assignee"] is None
    assert "did not take the owner" in IssueLink.objects.get().words


def test_required_fields_are_read_and_filled_in_by_rule(board: Board) -> None:
    allowed = [{"id": "7", "value": "Platform"}, {"id": "8", "value": "Edge"}]
    board.jira.wanted = [
        {
            "fieldId": "customfield_1",
            "name": "Area",
            "required": True,
            "allowedValues": allowed,
            "schema": {"type": "option"},
        }
    ]
    action = board.action()
    board.work()
    assert "Area is required" in IssueLink.objects.get().words
    admin = signed_in(board.administrator)
    page = board.connection.get_absolute_url()
    admin.post(f"{page}trial/")
    board.work()
    assert "CHK wants Area filled in" in admin.get(page).content.decode()
    assert "Platform" in admin.get(page).content.decode()
    rule = board.connection.rules.get()
    data = {"rule-target": "chk", "rule-extra-customfield_1:option": "8"}
    answer = admin.post(f"{page}rules/", data)
    assert answer.status_code == 302, answer.content.decode()
    admin.post(f"{page}rules/{rule.pk}/removal/")
    IssueLink.objects.all().delete()
    actions.change_action(action, text="Add two alerts", by=board.owner)
    board.work()
    assert board.jira.only()["fields"]["customfield_1"] == {"id": "8"}


def test_late_and_foreign_deliveries_are_dropped(board: Board, client: Client) -> None:
    action = board.action()
    board.work()
    board.jira.move(board.jira.only(), "Done")
    body = board.jira.webhooks[-1]
    assert (
        client.post(f"/in/jira/{board.connection.pk}/", body, content_type="application/json").status_code
        == 401
    )
    late = json.dumps({**json.loads(body), "timestamp": int((time.time() - 400) * 1000)}).encode()
    assert board.deliver(client, late).status_code == 202
    assert Delivery.objects.get(direction="in").state == "refused"
    odd = json.dumps({"webhookEvent": "board_created", "timestamp": int(time.time() * 1000)}).encode()
    board.deliver(client, odd)
    board.work()
    assert Delivery.objects.filter(direction="in").order_by("pk").last().state == "not_understood"
    board.jira.delete(board.jira.only())
    board.deliver(client)
    board.work()
    action.refresh_from_db()
    assert (action.state, IssueLink.objects.get().state) == (S.COMMITTED, "gone")


def test_an_address_of_the_site_is_linked(board: Board) -> None:
    board.connection.rules.all().delete()
    action = board.action()
    board.jira._create({"fields": {"project": {"key": "CHK"}, "summary": "Alert on pool", "labels": ["db"]}})
    place = f"/actions/{action.key}/issues/"
    signed_in(board.owner).post(place, {"address": f"{board.jira.address}/browse/CHK-1"})
    board.work()
    fields = board.jira.only()["fields"]
    assert fields["summary"] == "Alert on pool"
    assert fields["labels"] == ["db", f"followthrough-{IssueLink.objects.get().pk}"]
    assert fields["assignee"] == {board.jira.person: "a1:mona"}
    board.jira.move(board.jira.only(), "Done")
    board.poll()
    action.refresh_from_db()
    assert action.state == S.DONE


def test_both_sides_moved_is_said_there_once(board: Board) -> None:
    action = board.action()
    board.work()
    issue = board.jira.only()
    actions.change_action(action, text="Add two alerts", by=board.owner)
    board.jira.edit(issue, summary="Add {three} alerts")
    board.work()
    board.poll()
    action.refresh_from_db()
    assert action.text == issue["fields"]["summary"]
    (said,) = board.jira.comments["CHK-1"]
    assert "changed on both sides" in said["body"]
    assert "{three}" not in said["body"].replace("\\{", "")
