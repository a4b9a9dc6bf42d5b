"""What is committed to becomes an issue, once, whatever happens between sending and noting."""

from __future__ import annotations

import os
import socket
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.causes.models import Finding
from followthrough.integrations.models import Delivery, IssueLink, OutboxChange, TrackerConnection
from followthrough.integrations.operations import connections, linking, sending, syncing
from tests.factories import make_incident, make_postmortem, make_service, signed_in
from tests.integrations.conftest import REPO, Setting, day
from tests.integrations.tracker_server import answering, lost_after, lost_before

pytestmark = pytest.mark.django_db
S = ActionItem.State


def test_a_proposal_stays_here_and_a_promise_becomes_an_issue(setting: Setting) -> None:
    postmortem = make_postmortem(make_incident("Checkout returned 502"))
    finding = Finding.objects.create(postmortem=postmortem, kind="root_cause", text="The pool was too @small")
    action = actions.add_action(
        postmortem, text="Add an alert", owner=setting.owner, due_on=day(9), finding=finding, by=setting.owner
    )
    setting.work()
    assert setting.github.issues == {}
    actions.commit(action, by=setting.owner)
    setting.work()
    issue = setting.github.only()
    assert (issue["title"], issue["assignees"], issue["state"]) == ("Add an alert", ["mona"], "open")
    assert "Checkout returned 502" in issue["body"]
    assert f"/incidents/{postmortem.key}/" in issue["body"]
    assert f"**Due:** {day(9)}" in issue["body"]
    assert "@small" not in issue["body"]
    assert [link.title for link in action.links.all()] == [f"{REPO}#1"]
    reader = signed_in(setting.owner)
    for path in (action.get_absolute_url(), f"/incidents/{postmortem.key}/", "/actions/?who=all"):
        assert f"https://github.com/{REPO}/issues/1" in reader.get(path).content.decode()
    assert "followed" in reader.get(action.get_absolute_url()).content.decode()


def test_changes_here_go_there_and_nothing_is_written_twice(setting: Setting) -> None:
    action = setting.action()
    setting.work()
    written = len(setting.github.writes())
    actions.change_action(action, text="Add two alerts", due_on=day(3), by=setting.owner)
    setting.work()
    setting.reconcile()
    issue = setting.github.only()
    assert issue["title"] == "Add two alerts"
    assert f"**Due:** {day(3)}" in issue["body"]
    actions.complete(action, by=setting.owner)
    setting.work()
    setting.reconcile()
    assert (issue["state"], issue["state_reason"]) == ("closed", "completed")
    assert len(setting.github.writes()) == written + 2
    assert not OutboxChange.objects.filter(sent_at=None).exists()


@pytest.mark.parametrize("fault", [lost_before, lost_after, answering(502)])
def test_an_issue_is_made_once_though_nobody_heard_of_it(setting: Setting, fault: Any) -> None:
    setting.action()
    setting.github.faults = [fault]
    assert "GitHub" in setting.work().refusal
    setting.wake()
    setting.work()
    setting.wake()
    setting.reconcile()
    assert len(setting.github.issues) == 1
    assert IssueLink.objects.get().state == "linked"
    assert setting.work().refusal == ""


def test_an_issue_is_made_once_though_the_worker_ended_before_the_note(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting.action()

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(syncing, "_note_address", killed)
        with pytest.raises(SystemExit):
            setting.work()
    setting.github.edit(setting.github.only(), title="Add another alert")
    setting.work()
    assert len(setting.github.issues) == len(setting.github.writes()) == 1
    assert IssueLink.objects.get().key == f"{REPO}#1"
    assert ActionItem.objects.get().text == setting.github.only()["title"] == "Add another alert"


def test_the_service_is_left_alone_as_long_as_it_asks(setting: Setting) -> None:
    setting.action()
    setting.github.faults = [answering(429, retry_after="120")]
    paused = setting.work().paused_until
    asked = len(setting.github.asked)
    assert paused
    assert 100 < (paused - timezone.now()).total_seconds() <= 120
    setting.work()
    assert len(setting.github.asked) == asked
    setting.wake()
    setting.work()
    assert len(setting.github.issues) == 1


def test_after_failures_one_probe_alone_tries_it(setting: Setting) -> None:
    for text in ("Add one alert", "Add two alerts", "Add three alerts"):
        setting.action(text)
    setting.github.faults = [answering(500)]
    connection = setting.work()
    assert (connection.failures, len(setting.github.issues)) == (1, 0)
    asked = len(setting.github.asked)
    setting.work()
    assert len(setting.github.asked) == asked
    setting.wake()
    setting.github.faults = [answering(500)]
    setting.work()
    assert len([row for row in setting.github.asked[asked:] if row.method == "POST"]) <= 1
    setting.wake()
    setting.work()
    setting.work()
    assert len(setting.github.issues) == 3


def test_one_worker_at_a_time_speaks_and_takes_over_from_one_that_is_gone(setting: Setting) -> None:
    here = f"{socket.gethostname()}:{os.getpid()}:ab"
    setting.action()
    assert sending.is_due(setting.connection, timezone.now())
    TrackerConnection.objects.update(claimed_by="elsewhere:1:cd")
    setting.connection.refresh_from_db()
    assert sending.claim(setting.connection, here)
    setting.connection.refresh_from_db()
    assert not sending.claim(setting.connection, f"{here}2")
    setting.work()
    sending.release(setting.connection, here)
    setting.connection.refresh_from_db()
    assert not sending.is_due(setting.connection, timezone.now())
    assert sending.claim(setting.connection, f"{here}2")


def test_a_refusal_of_one_issue_holds_up_no_other(setting: Setting) -> None:
    action, other = setting.action("Add one alert"), setting.action("Add two alerts")
    setting.github.faults = [answering(422, {"message": "Validation Failed"})]
    connection = setting.work()
    assert connection.refusal == ""
    refused = IssueLink.objects.get(action=action)
    assert "Validation Failed" in refused.words
    assert IssueLink.objects.get(action=other).state == "linked"
    page = signed_in(setting.owner).get(action.get_absolute_url()).content.decode()
    assert "Validation Failed" in page
    setting.wake()
    setting.work()
    assert IssueLink.objects.get(action=action).words == ""


def test_a_token_that_ran_out_is_said_and_what_waits_goes_out_in_order(setting: Setting) -> None:
    action = setting.action()
    setting.work()
    good, setting.github.token = setting.github.token, "another"
    actions.change_action(action, text="Add two alerts", by=setting.owner)
    setting.work()
    actions.change_action(action, text="Add three alerts", by=setting.owner)
    page = signed_in(setting.administrator).get("/settings/connections/").content.decode()
    assert "Refused since" in page
    assert "renew it" in page
    assert "2 changes wait" in page
    setting.github.token = good
    signed_in(setting.administrator).post(f"/settings/connections/{setting.connection.pk}/trial/")
    setting.work()
    assert setting.github.only()["title"] == "Add three alerts"
    page = signed_in(setting.administrator).get("/settings/connections/").content.decode()
    assert "Nothing waits" in page


def test_a_token_that_never_worked_is_said_at_once(setting: Setting) -> None:
    setting.github.token = "another"
    connections.try_now(setting.connection)
    setting.work()
    for page in ("/settings/connections/", setting.connection.get_absolute_url()):
        assert "Refused since" in signed_in(setting.administrator).get(page).content.decode()


def test_rules_choose_the_repository(setting: Setting) -> None:
    payments = make_service("payments")
    setting.connection.rules.all().delete()
    connections.add_rule(setting.connection, target="acme/detect", kind="detect", by=setting.administrator)
    connections.add_rule(
        setting.connection,
        target="acme/payments",
        service=payments,
        extra={"labels": "post-mortem, pay"},
        by=setting.administrator,
    )
    incident = make_incident()
    incident.services.add(payments)
    setting.action(postmortem=make_postmortem(incident))
    setting.action(kind="detect")
    setting.action("Write down who decides")
    setting.work()
    assert {repo for repo, _ in setting.github.issues} == {"acme/payments", "acme/detect"}
    assert setting.github.issues["acme/payments", 1]["labels"] == ["post-mortem", "pay"]
    assert IssueLink.objects.count() == 2


def test_a_restricted_incident_gives_away_nothing(setting: Setting) -> None:
    incident = make_incident("Layoffs leaked")
    incident.named_people.add(setting.owner)
    action = setting.action("Tell legal of the leak", postmortem=make_postmortem(incident))
    setting.work()
    incident.visibility = "restricted"
    incident.save()
    actions.change_action(action, text="Tell legal of the leak again", by=setting.owner)
    setting.work()
    issue = setting.github.only()
    assert issue["title"] == f"Follow-up {action.key}"
    assert "ayoffs" not in issue["body"]
    setting.github.edit(issue, title="What is this?")
    actions.complete(action, by=setting.owner)
    setting.reconcile()
    setting.work()
    action.refresh_from_db()
    assert action.text == "Tell legal of the leak again"
    assert issue["state"] == "closed"
    assert not any("legal" in body for bodies in setting.github.comments.values() for body in bodies)


def test_a_restricted_incident_goes_to_a_private_target_where_there_is_one(setting: Setting) -> None:
    connections.add_rule(setting.connection, target="acme/secret", is_private=True, by=setting.administrator)
    incident = make_incident("Layoffs leaked", visibility="restricted")
    incident.named_people.add(setting.owner)
    setting.action("Tell legal of the leak", postmortem=make_postmortem(incident))
    setting.work()
    issue = setting.github.only()
    assert (issue["repo"], issue["title"]) == ("acme/secret", "Tell legal of the leak")
    assert "Layoffs" not in issue["body"]


def test_an_incident_that_becomes_restricted_takes_its_words_back(setting: Setting) -> None:
    from followthrough.incidents import operations as incidents  # noqa: PLC0415 - one test needs it

    incident = make_incident("Layoffs leaked")
    setting.action("Tell legal of the leak", postmortem=make_postmortem(incident))
    setting.work()
    incidents.change_incident(incident, visibility="restricted", by=setting.administrator)
    setting.work()
    issue = setting.github.only()
    assert "legal" not in issue["title"]
    assert "Layoffs" not in issue["body"]


def test_declining_closes_it_there_and_removing_too(setting: Setting) -> None:
    first, second = setting.action(), setting.action("Add two alerts")
    setting.work()
    actions.decline(first, reason="The pool is gone, @mona says so", by=setting.owner)
    actions.remove_action(second, by=setting.owner)
    setting.work()
    assert [row["state_reason"] for row in setting.github.issues.values()] == ["not_planned"] * 2
    (said,) = [body for bodies in setting.github.comments.values() for body in bodies]
    assert "The pool is gone" in said
    assert "@mona" not in said
    actions.restore_action(second, by=setting.owner)
    setting.work()
    assert setting.issue_of(second)["state"] == "open"


def test_an_address_is_linked_instead_and_both_keep_their_words(setting: Setting) -> None:
    setting.connection.rules.all().delete()
    action = setting.action()
    theirs = setting.github.open_by_hand(REPO, "Alert on pool", body="We want this.\r\n")
    client = signed_in(setting.owner)
    place = f"/actions/{action.key}/issues/"
    host = setting.github.address
    client.post(place, {"address": f"{host}/{REPO}/issues/1"})
    setting.work()
    action.refresh_from_db()
    assert (action.text, theirs["title"]) == ("Add an alert on pool use", "Alert on pool")
    assert theirs["body"].startswith("We want this.")
    assert action.get_absolute_url() in theirs["body"]
    assert theirs["assignees"] == ["mona"]
    other = setting.action("Add two alerts")
    refused = client.post(
        f"/actions/{other.key}/issues/", {"address": f"{host}/{REPO}/issues/1"}, follow=True
    )
    assert "belongs to one action" in refused.content.decode()
    refused = client.post(f"/actions/{other.key}/issues/", {"address": "https://example.org/1"}, follow=True)
    assert "no address of an issue" in refused.content.decode()
    link = IssueLink.objects.get()
    client.post(f"{place}{link.pk}/removal/")
    actions.change_action(action, text="Add three alerts", by=setting.owner)
    setting.reconcile()
    assert theirs["title"] == "Alert on pool"
    assert action.state == S.COMMITTED


def test_the_pages_of_deliveries_mask_secrets_and_send_again(setting: Setting, client: Client) -> None:
    action = setting.action(f"Renew the token {setting.github.token}")
    setting.work()
    client = signed_in(setting.administrator)
    place = f"/settings/connections/{setting.connection.pk}/deliveries/"
    sent = Delivery.objects.get(what=f"POST /repos/{REPO}/issues")
    assert f"POST /repos/{REPO}/issues" in client.get(place).content.decode()
    page = client.get(f"{place}{sent.pk}/").content.decode()
    assert "•••" in page
    assert setting.github.token not in page
    assert setting.github.token not in str(list(Delivery.objects.values_list("body", "answer")))
    client.post(f"{place}{sent.pk}/repeat/")
    setting.work()
    assert len(setting.github.issues) == 1
    assert action.key in client.get(place).content.decode()


def test_pages_cost_the_same_however_much_there_is(
    setting: Setting, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        setting.action(f"Add alert number {number}")
    setting.work()
    client = signed_in(setting.administrator)
    for path in ("/settings/connections/", "/actions/?who=all", "/actions/?who=all&view=board"):
        with django_assert_max_num_queries(26):
            page = client.get(path).content.decode()
    assert f"{REPO}#4" in page


def test_unlinking_keeps_what_was_committed_from_being_sent_again(setting: Setting) -> None:
    action = setting.action()
    setting.work()
    linking.unlink(IssueLink.objects.get(), by=setting.owner)
    actions.change_action(action, text="Add two alerts", by=setting.owner)
    setting.reconcile()
    assert len(setting.github.issues) == 1
    assert setting.github.only()["title"] == "Add an alert on pool use"
