"""What happens there comes back: by webhook, by the poll, once, and never more than an issue can know."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import holding
from followthrough.integrations.models import Delivery, IssueLink, TrackerConnection
from followthrough.integrations.operations import connections
from followthrough.notifications.models import Message
from tests.factories import make_person, signed_in
from tests.integrations.conftest import REPO, Setting, day

pytestmark = pytest.mark.django_db
S = ActionItem.State


@pytest.fixture
def action(setting: Setting) -> ActionItem:
    """One with its issue there."""
    made = setting.action()
    setting.work()
    setting.github.webhooks.clear()
    return made


def test_closed_there_is_done_here_by_who_did_it(
    setting: Setting, action: ActionItem, client: Client
) -> None:
    setting.github.close(setting.github.only())
    assert setting.deliver(client).status_code == 202
    setting.work()
    action.refresh_from_db()
    assert action.state == S.DONE
    history = signed_in(setting.owner).get(action.get_absolute_url()).content.decode()
    assert f"{REPO}#1 is done" in history
    assert "<strong>Mona</strong> marked it as done" in history
    assert len(setting.github.writes()) == 1


def test_who_is_nobody_here_is_named_and_nobody_is_guessed(setting: Setting, action: ActionItem) -> None:
    setting.github.assign(setting.github.only(), "zoe", by="zoe")
    setting.github.close(setting.github.only(), by="zoe")
    setting.reconcile()
    action.refresh_from_db()
    assert (action.owner, action.state) == (setting.owner, S.DONE)
    page = signed_in(setting.owner).get(action.get_absolute_url()).content.decode()
    assert "zoe has it there and is nobody here" in page
    assert "by zoe" in page


def test_title_owner_and_date_come_back(setting: Setting, action: ActionItem) -> None:
    zoe = make_person("Zoe")
    connections.set_account(setting.connection, person=zoe, account="@zoe", by=setting.administrator)
    issue = setting.github.only()
    body = issue["body"].replace(f"**Due:** {action.due_on}", f"**Due:** {day(30)}")
    setting.github.edit(issue, title="Alert on pool use and age", body=f"Some words.\n\n{body}", by="zoe")
    setting.github.assign(issue, "zoe", by="zoe")
    setting.reconcile()
    action.refresh_from_db()
    assert (action.text, action.owner, action.due_on) == ("Alert on pool use and age", zoe, day(30))
    assert issue["body"].startswith("Some words.")


def test_not_planned_there_is_declined_here(setting: Setting, action: ActionItem) -> None:
    setting.github.close(setting.github.only(), reason="not_planned")
    setting.reconcile()
    action.refresh_from_db()
    assert action.state == S.DECLINED
    assert "not planned" in action.decline_reason


def test_reopened_there_takes_back_that_it_held_and_tells_the_owner(
    setting: Setting, action: ActionItem, client: Client
) -> None:
    actions.complete(action, by=setting.owner)
    ActionItem.objects.update(done_at=timezone.now() - timedelta(days=30))
    action.refresh_from_db()
    holding.verify(action, proof="Four quiet weeks", by=setting.owner)
    setting.work()
    setting.github.reopen(setting.github.only())
    setting.deliver(client)
    setting.work()
    action.refresh_from_db()
    assert (action.state, action.verified_at, action.proof) == (S.COMMITTED, None, "")
    assert Message.objects.filter(person=setting.owner, subject__contains="reopened in").count() == 1


def test_nothing_there_ever_verifies(setting: Setting, action: ActionItem) -> None:
    for _ in range(3):
        setting.github.close(setting.github.only())
        setting.reconcile()
        setting.github.edit(setting.github.only(), title="It is verified", body="verified")
        setting.reconcile()
    action.refresh_from_db()
    assert (action.state, action.verified_at) == (S.DONE, None)


def test_deleted_there_keeps_the_last_state_and_says_so(
    setting: Setting, action: ActionItem, client: Client
) -> None:
    setting.github.delete(setting.github.only())
    setting.deliver(client)
    setting.work()
    action.refresh_from_db()
    assert action.state == S.COMMITTED
    assert IssueLink.objects.get().state == "gone"
    page = signed_in(setting.owner).get(action.get_absolute_url()).content.decode()
    assert "keeps the state that it last had" in page


def test_what_was_deleted_unheard_is_noticed_by_the_daily_look(setting: Setting, action: ActionItem) -> None:
    setting.github.delete(setting.github.only())
    TrackerConnection.objects.update(compared_at=timezone.now() - timedelta(days=2))
    setting.reconcile()
    setting.work()
    assert IssueLink.objects.get().state == "gone"


def test_a_transferred_issue_is_followed_to_its_new_place(setting: Setting, action: ActionItem) -> None:
    issue = setting.github.only()
    setting.github.transfer(issue, "acme/platform")
    actions.change_action(action, text="Add two alerts", by=setting.owner)
    setting.work()
    assert issue["title"] == "Add two alerts"
    assert IssueLink.objects.get().target == "acme/platform"
    assert [link.title for link in action.links.all()] == [f"acme/platform#{issue['number']}"]


def test_both_sides_moved_is_said_on_both_and_the_later_counts(setting: Setting, action: ActionItem) -> None:
    issue = setting.github.only()
    actions.change_action(action, text="Add two alerts", by=setting.owner)
    setting.github.offset = timedelta(minutes=5)
    setting.github.edit(issue, title="Add three alerts")
    setting.work()
    action.refresh_from_db()
    assert action.text == issue["title"] == "Add three alerts"
    (said,) = setting.github.comments[issue["id"]]
    assert "Add two alerts" in said
    page = signed_in(setting.owner).get(action.get_absolute_url()).content.decode()
    assert "changed on both sides" in page
    setting.github.offset = timedelta(minutes=-5)
    setting.github.edit(issue, title="Add four alerts")
    actions.change_action(action, text="Add five alerts", by=setting.owner)
    setting.work()
    setting.reconcile()
    action.refresh_from_db()
    assert action.text == issue["title"] == "Add five alerts"
    assert len(setting.github.comments[issue["id"]]) == 2


def test_state_is_the_trackers_where_both_moved(setting: Setting, action: ActionItem) -> None:
    setting.github.close(setting.github.only(), reason="not_planned")
    actions.complete(action, by=setting.owner)
    setting.work()
    action.refresh_from_db()
    assert action.state == S.DECLINED


def test_the_poll_finds_what_no_webhook_told(setting: Setting, action: ActionItem) -> None:
    others = [setting.action(f"Add alert number {number}") for number in range(5)]
    setting.work()
    for other in others:
        setting.github.close(setting.issue_of(other))
    asked = len(setting.github.asked)
    setting.reconcile()
    assert len(setting.github.asked) == asked + 1
    assert {row.state for row in ActionItem.objects.exclude(pk=action.pk)} == {S.DONE}


def test_only_what_is_signed_rightly_comes_in_and_only_once(
    setting: Setting, action: ActionItem, client: Client
) -> None:
    setting.github.close(setting.github.only())
    event, delivery, body = setting.github.webhooks[-1]
    path = f"/in/github/{setting.connection.pk}/"
    assert client.post(path, body, content_type="application/json").status_code == 401
    assert setting.post(client, event, delivery, body, secret="wrong").status_code == 401
    assert setting.post(client, event, delivery, body, secret=" ").status_code == 401
    assert not Delivery.objects.filter(direction="in").exists()
    assert setting.post(client, event, delivery, body).status_code == 202
    assert setting.post(client, event, delivery, body).status_code == 200
    assert setting.post(client, event, "another-id", body).status_code == 200
    assert Delivery.objects.filter(direction="in").count() == 1
    assert (
        client.post(
            "/in/jira/" + str(setting.connection.pk) + "/", body, content_type="application/json"
        ).status_code
        == 404
    )
    page = signed_in(setting.administrator).get(setting.connection.get_absolute_url()).content.decode()
    assert "3 deliveries without a right signature" in page


def test_both_secrets_count_during_a_rotation(setting: Setting, action: ActionItem, client: Client) -> None:
    path = f"/settings/connections/{setting.connection.pk}/secret/"
    page = signed_in(setting.administrator).post(path).content.decode()
    fresh = page.partition('<code class="secret">')[2].partition("<")[0]
    body = [json.dumps({"action": "ping", "zen": number}).encode() for number in range(4)]
    assert setting.post(client, "ping", "1", body[0]).status_code == 202
    assert setting.post(client, "ping", "2", body[1], secret=fresh).status_code == 202
    TrackerConnection.objects.update(secret_rotated_at=timezone.now() - timedelta(hours=25))
    assert setting.post(client, "ping", "3", body[2]).status_code == 401
    assert setting.post(client, "ping", "4", body[3], secret=fresh).status_code == 202
    again = signed_in(setting.administrator).get(setting.connection.get_absolute_url()).content.decode()
    assert fresh not in again
    assert setting.github.token not in again


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("sponsorship", b'{"action": "created"}'),
        ("issues", b'{"action": "closed"}'),
        ("issues", b"[]"),
        ("issues", b"no json"),
        ("issues", b'{"issue": {"number": {}, "repository_url": [], "body": 3}, "sender": 4}'),
        ("", b"\xff\x00"),
    ],
)
def test_what_is_not_understood_is_kept_and_shown(
    setting: Setting, action: ActionItem, client: Client, event: str, body: bytes
) -> None:
    assert setting.post(client, event, "odd", body).status_code == 202
    setting.work()
    kept = Delivery.objects.get(direction="in")
    assert kept.state in {"not_understood", "done"}
    admin = signed_in(setting.administrator)
    assert ("Not understood" in admin.get("/settings/connections/").content.decode()) == (
        kept.state != "done"
    )
    place = f"/settings/connections/{setting.connection.pk}/deliveries/{kept.pk}/"
    assert admin.get(place).status_code == 200
    admin.post(f"{place}repeat/")
    setting.work()
    action.refresh_from_db()
    assert action.state == S.COMMITTED


def test_an_answer_asks_nothing_of_the_service(
    setting: Setting, action: ActionItem, client: Client, django_assert_max_num_queries: Any
) -> None:
    setting.github.close(setting.github.only())
    asked = len(setting.github.asked)
    with django_assert_max_num_queries(10):
        setting.deliver(client)
    assert len(setting.github.asked) == asked


def test_our_own_writes_come_back_as_nothing(setting: Setting, client: Client) -> None:
    action = setting.action()
    setting.work()
    actions.change_action(action, text="Add two alerts", by=setting.owner)
    setting.work()
    written, version = len(setting.github.writes()), ActionItem.objects.get().version
    while setting.github.webhooks:
        setting.deliver(client, 0)
        setting.work()
    assert len(setting.github.writes()) == written
    assert ActionItem.objects.get().version == version


def test_disconnecting_ends_both_ways_and_keeps_everything(
    setting: Setting, action: ActionItem, client: Client
) -> None:
    setting.github.close(setting.github.only())
    signed_in(setting.administrator).post(f"/settings/connections/{setting.connection.pk}/removal/")
    assert setting.deliver(client).status_code == 404
    action.refresh_from_db()
    assert action.state == S.COMMITTED
    row = TrackerConnection.objects.get()
    assert setting.github.token not in row.encrypted
