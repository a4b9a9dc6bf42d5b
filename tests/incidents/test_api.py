"""The REST API: the same rules as the pages, by token."""

from __future__ import annotations

import pytest

from followthrough.incidents import operations
from followthrough.incidents.models import Incident
from followthrough.incidents.queries import external_ids, search
from followthrough.people.operations import create_token, revoke_token
from tests.factories import BEGAN, make_incident, make_person, make_service, make_team

pytestmark = pytest.mark.django_db
BODY = {
    "title": "Checkout returned 502",
    "severity": "sev2",
    "began_at": "2026-11-20T15:03:00+01:00",
    "external_id": "pd-77",
    "tags": ["Gateway"],
    "milestones": {"resolved": {"at": "2026-11-20T14:41:00Z"}, "detected": {"state": "not_known"}},
}


@pytest.fixture
def person():
    operations.seed_defaults()
    return make_person()


@pytest.fixture
def call(client, person):
    token, secret = create_token(person, name="script", by=person)

    def send(method, path, body=None, *, headers=None):
        headers = {"Authorization": f"Bearer {secret}"} if headers is None else headers
        send_it = getattr(client, method)
        if body is None:
            return send_it(f"/api/incidents/{path}", headers=headers)
        return send_it(f"/api/incidents/{path}", body, content_type="application/json", headers=headers)

    send.token = token
    return send


def test_without_a_good_token_there_is_nothing(call, person):
    assert call("get", "", headers={}).status_code == 401
    assert call("get", "", headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert call("get", "").status_code == 200
    revoke_token(call.token, by=person)
    assert call("get", "").status_code == 401


def test_an_incident_is_reported_once_read_and_changed(call, person):
    service, team = make_service("checkout"), make_team("Payments")
    answer = call("post", "", BODY | {"services": ["Checkout"], "teams": ["payments"]})
    assert answer.status_code == 201
    made = answer.json()
    incident = Incident.objects.get()
    assert incident.created_by == person
    assert made["key"] == incident.key
    assert (made["status"], made["severity"], made["lasted_seconds"]) == ("resolved", "SEV2", 2280.0)
    assert (made["services"], made["teams"], made["tags"]) == ([service.name], [team.name], ["gateway"])
    assert made["milestones"]["detected"] == {"state": "not_known", "at": None}
    assert call("post", "", BODY).status_code == 200
    assert Incident.objects.count() == 1
    changed = call("patch", f"{incident.key}/", {"title": "Checkout down", "base": made["version"]}).json()
    assert (changed["title"], changed["services"]) == ("Checkout down", ["checkout"])
    stale = call("patch", f"{incident.key}/", {"title": "Mine", "base": 1})
    assert stale.status_code == 409
    assert stale.json()["current"]["title"] == "Checkout down"
    cleared = call("put", f"{incident.key}/milestones/resolved/", {}).json()
    assert (cleared["status"], cleared["ended_at"]) == ("open", None)
    assert call("get", f"{incident.key}/").json() == cleared


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"title": ""}, 422),
        ({"severity": "terrible"}, 422),
        ({"services": ["nothing"]}, 422),
        ({"began_at": "2026-11-20T15:03:00"}, 422),
        ({"kind": "party"}, 422),
        ({"zone": "Atlantis"}, 422),
        ({"milestones": {"planned_end": {"at": "2026-11-20T15:03:00Z"}}}, 422),
    ],
)
def test_what_does_not_fit_is_refused(call, change, status):
    assert call("post", "", BODY | change).status_code == status
    assert not Incident.objects.exists()


def test_lists_are_searched_filtered_and_paged(call):
    rows = [make_incident(f"Timeout {n}") for n in range(60)]
    search.index(rows)
    first = call("get", "?q=timeout").json()
    second = call("get", f"?q=timeout&after={first['after']}").json()
    keys = [row["key"] for row in first["incidents"] + second["incidents"]]
    assert len(set(keys)) == len(keys) == 60
    assert second["after"] == ""
    assert call("get", "?status=open").json()["incidents"] == []
    assert call("get", "?status=nonsense").status_code == 422


def test_a_repeated_report_tells_nothing_of_what_may_not_be_seen(call):
    """The same answers, whether or not an incident out of sight has the key (it has in the second round)."""
    answers = []
    for key in ("free", "taken"):
        if key == "taken":
            make_incident("Hidden", visibility="restricted", external_id="api:taken")
        body = BODY | {"external_id": key}
        made, again = call("post", "", body), call("post", "", body)
        assert made.json()["key"] == again.json()["key"]
        assert made.json()["external_id"] == f"api:{key}"
        answers.append((made.status_code, again.status_code, sorted(made.json())))
    assert answers == [answers[0]] * 2
    assert answers[0][:2] == (201, 200)
    assert Incident.objects.count() == 3


def test_restricted_ones_and_stakeholders_writes_are_refused(call, person):
    secret = make_incident(visibility="restricted")
    for method, path, body in [
        ("get", f"{secret.key}/", None),
        ("patch", f"{secret.key}/", {"title": "x"}),
        ("put", f"{secret.key}/milestones/started/", {}),
        ("get", "nonsense/", None),
    ]:
        assert call(method, path, body).status_code == 404
    assert call("get", "").json()["incidents"] == []
    person.role = "stakeholder"
    person.save()
    shared = make_incident(shared_at=BEGAN)
    assert call("get", f"{shared.key}/").status_code == 200
    assert call("patch", f"{shared.key}/", {"title": "x"}).status_code == 403


def test_the_reference_lists_every_operation(client, person):
    assert client.get("/api/").status_code == 302
    assert client.get("/api/openapi.json").status_code == 302
    client.force_login(person)
    page = client.get("/api/").content.decode()
    for words in ("POST /api/incidents/", "PATCH /api/incidents/{key}/", "external_id", "time with its zone"):
        assert words in page
    assert client.get("/api/openapi.json").json()["openapi"].startswith("3.")


def test_impossible_moments_are_refused(call, person):
    ancient = "0001-01-01T00:00:00+09:00"
    answer = call("post", "", BODY | {"began_at": ancient})
    assert (answer.status_code, answer.json()["field"]) == (422, "began_at")
    incident = make_incident()
    answer = call("put", f"{incident.key}/milestones/started/", {"at": ancient})
    assert (answer.status_code, answer.json()["field"]) == (422, "started")


def test_the_same_report_sent_twice_at_one_moment_is_one_incident(call, monkeypatch):
    make_incident("The other", external_id="api:pd-77")
    looks = iter([lambda *_: {}, external_ids.known_to])

    def look(*asked):
        return next(looks)(*asked)

    monkeypatch.setattr(external_ids, "known_to", look)
    monkeypatch.setattr(external_ids, "free_names", lambda _, keys: {key: key for key in keys})
    answer = call("post", "", BODY)
    assert (answer.status_code, answer.json()["title"]) == (200, "The other")
