"""Severities, rules, tags and hooks."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from followthrough.activity.models import Activity
from followthrough.activity.operations import record
from followthrough.incidents import operations
from followthrough.incidents.models import Incident, ReviewRule, Severity, Tag, WebhookEndpoint
from followthrough.incidents.queries import search
from tests.factories import BEGAN, make_incident, make_person, make_service, signed_in
from tests.interruption import cut_off_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def administrator(client):
    operations.seed_defaults()
    person = make_person(role="administrator")
    client.force_login(person)
    return person


def text(answer):
    return answer.content.decode()


def severity_values(**values):
    start = {"name": "SEV0", "rank": 9, "meaning": "All is lost.", "meeting_minutes": 90}
    return start | {"window_opens_hours": 24, "window_closes_hours": 48} | values


def test_only_administrators_set_anything(client):
    client.force_login(make_person())
    for page in ("", "severities/", "severities/new/", "rules/", "tags/", "hooks/"):
        assert client.get(f"/settings/{page}").status_code == 403, page


def test_severities_are_added_changed_and_removed(client):
    client.post("/settings/severities/new/", severity_values())
    added = Severity.objects.get(name="SEV0")
    assert added.window_closes_hours == 48
    wrong = severity_values(rank=1, name="SEV9")
    assert "already exists" in text(client.post("/settings/severities/new/", wrong))
    late = severity_values(window_closes_hours=12)
    assert "must close after" in text(client.post(f"/settings/severities/{added.pk}/", late))
    client.post(f"/settings/severities/{added.pk}/", severity_values(meaning="Everything stopped."))
    assert "Everything stopped." in text(client.get("/settings/severities/"))
    row = Activity.objects.get(kind="incidents.severity", verb="changed")
    assert row.changes == {"meaning": ["All is lost.", "Everything stopped."]}
    incident = make_incident(severity=added)
    removal = f"/settings/severities/{added.pk}/removal/"
    assert "Give them another one" in text(client.post(removal, follow=True))
    incident.delete()
    client.post(removal)
    assert not Severity.objects.filter(name="SEV0").exists()


def test_rules_are_saved_together_and_count_from_then_on(client):
    values = {f"{rule.fact}-threshold": rule.threshold or "" for rule in ReviewRule.objects.all()}
    values |= {"duration-active": "on", "duration-threshold": "10"}
    client.post("/settings/rules/", values)
    assert list(ReviewRule.objects.filter(active=True).values_list("fact", "threshold")) == [("duration", 10)]
    severity = Severity.objects.get(name="SEV1")
    incident = operations.report_incident(
        title="Short", severity=severity, began_at=BEGAN, by=make_person(),
        milestones={"resolved": BEGAN + timedelta(minutes=9)},
    )  # fmt: skip
    assert incident.review == "not_needed"
    operations.set_milestone(incident, "resolved", at=BEGAN + timedelta(minutes=11), by=make_person())
    assert incident.review == "needed"
    assert "needs a number" in text(client.post("/settings/rules/", values | {"duration-threshold": ""}))


def test_rules_are_bounded_by_words_where_there_are_words(client):
    page = text(client.get("/settings/rules/"))
    assert "some customers, 2" not in page
    assert '<option value="1">SEV1</option>' in page
    assert ">some or many</option>" in page


def test_rules_are_changed_all_or_none(client):
    values = {f"{rule.fact}-threshold": rule.threshold or "" for rule in ReviewRule.objects.all()}
    before = list(ReviewRule.objects.order_by("pk").values())
    client.post("/settings/rules/", values | {"duration-active": "on", "duration-threshold": ""})
    assert list(ReviewRule.objects.order_by("pk").values()) == before


def test_rules_stay_as_they_were_when_the_press_is_cut_off_half_way(client):
    values = {f"{rule.fact}-threshold": rule.threshold or "" for rule in ReviewRule.objects.all()}
    before = list(ReviewRule.objects.order_by("pk").values())
    with cut_off_at(ReviewRule, number=2), pytest.raises(SystemExit):
        client.post("/settings/rules/", values)
    assert list(ReviewRule.objects.order_by("pk").values()) == before


def test_tags_are_renamed_joined_and_removed(client):
    incident, other = make_incident("Storm"), make_incident("Calm")
    tags = {name: Tag.objects.create(name=name) for name in ("retry", "retries", "odd")}
    incident.tags.add(tags["retries"], tags["odd"])
    other.tags.add(tags["retry"])
    client.post(f"/settings/tags/{tags['retries'].pk}/", {"name": "Retry"})
    assert set(tags["retry"].incidents.all()) == {incident, other}
    assert not Tag.objects.filter(name="retries").exists()
    client.post(f"/settings/tags/{tags['odd'].pk}/", {"name": "even"})
    assert search.take_matches(Incident.objects.all(), "even", size=5).rows == [incident]
    client.post(f"/settings/tags/{tags['odd'].pk}/", {"name": "even", "remove": "1"})
    assert search.take_matches(Incident.objects.all(), "even", size=5).rows == []
    assert "retry" in text(client.get("/settings/tags/"))


def make_hook(client):
    page = text(client.post("/settings/hooks/", {"name": "Alertmanager"}))
    return re.search(r"(/hooks/[^<\"]+/)<", page)[1]


def send(client, address, payload):
    body = payload if isinstance(payload, str) else json.dumps(payload)
    return client.post(address, body, content_type="application/json")


def test_a_hook_reports_once_and_learns_the_end(client):
    make_service("checkout")
    address = make_hook(client)
    assert address not in text(client.get("/settings/hooks/"))
    client.logout()
    payload = {
        "id": "alert-7",
        "title": "Error rate above 5 %",
        "severity": "critical",
        "service": "checkout",
        "started_at": "2026-11-20T14:03:00Z",
        "labels": {"region": "eu"},
    }
    answer = send(client, address, payload)
    assert answer.status_code == 201
    incident = Incident.objects.get()
    assert answer.json() == {"key": incident.key, "url": f"/incidents/{incident.key}/", "created": True}
    assert (incident.severity.name, incident.status, incident.detected_by) == ("SEV1", "open", "alert")
    assert [service.name for service in incident.services.all()] == ["checkout"]
    assert incident.source_title == "Alertmanager"
    again = send(client, address, payload | {"resolved_at": "2026-11-20T14:41:00Z"})
    assert (again.status_code, again.json()["created"]) == (200, False)
    incident.refresh_from_db()
    assert incident.status == "resolved"
    assert incident.ended_at == datetime(2026, 11, 20, 14, 41, tzinfo=UTC)
    assert incident.review == "needed"
    assert Incident.objects.count() == 1
    assert WebhookEndpoint.objects.get().used_at


def test_a_hook_without_times_begins_now(client):
    address = make_hook(client)
    send(client, address, {"title": "Probe failed"})
    send(client, address, {"title": "Probe failed"})
    assert Incident.objects.count() == 2
    assert set(Incident.objects.first().milestones.values_list("name", "state")) == {
        ("started", "not_known"),
        ("detected", "known"),
    }


@pytest.mark.parametrize("payload", ["{", "[]", {}, {"title": "x", "started_at": "soon"}, "x" * 300_000])
def test_a_hook_says_why_it_refuses(client, payload):
    answer = send(client, make_hook(client), payload)
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not Incident.objects.exists()


def test_a_revoked_or_invented_hook_is_not_there(client):
    address = make_hook(client)
    client.post(f"/settings/hooks/{WebhookEndpoint.objects.get().pk}/revocation/")
    assert send(client, address, {"title": "x"}).status_code == 404
    assert send(client, "/hooks/invented/", {"title": "x"}).status_code == 404


def test_a_new_organisation_has_severities_and_rules(client):
    Severity.objects.all().delete()
    record(make_person(), "set_up", by=None)
    assert Severity.objects.count() == 5


def test_an_address_outlives_the_role_of_who_made_it_and_the_list_says_so(client):
    maker = make_person("Priya Nair", role="administrator")
    make_hook(signed_in(maker))
    maker.role = "member"
    maker.save()
    page = text(client.get("/settings/hooks/"))
    assert "Priya Nair is no administrator any more" in page
