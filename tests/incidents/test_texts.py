"""How much text an incident takes, and of what sort, at every door."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from followthrough.activity.models import Activity
from followthrough.incidents import operations
from followthrough.incidents.imports import run
from followthrough.incidents.models import LONGEST_TEXT, Incident, Service, Tag
from followthrough.incidents.operations.catalogue import create_webhook
from followthrough.people.operations import create_token
from tests.factories import make_incident, make_person
from tests.incidents.report_forms import form_values

pytestmark = pytest.mark.django_db
MUCH = "[" * 2_400_000
TOO_MUCH = "2,400,000 characters; 20,000 fit here"


@pytest.fixture
def person(client):
    operations.seed_defaults()
    person = make_person("Ada Okafor")
    client.force_login(person)
    return person


@pytest.fixture
def call(client, person):
    _, secret = create_token(person, name="script", by=person)

    def send(method, path, body):
        """`body` is what json makes of it, or the text of the request as it is."""
        said = body if isinstance(body, str) else json.dumps(body)
        return getattr(client, method)(
            f"/api/incidents/{path}",
            said,
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )

    return send


@pytest.fixture
def hook(client, person):
    _, secret = create_webhook(name="Alertmanager", by=person)
    return lambda body: client.post(
        f"/hooks/{secret}/",
        body if isinstance(body, str) else json.dumps(body),
        content_type="application/json",
    )


def test_the_api_says_how_much_fits(call):
    incident = make_incident()
    answer = call("patch", f"{incident.key}/", {"what_happened": MUCH})
    assert answer.status_code == 422
    assert answer.json()["field"] == "what_happened"
    assert TOO_MUCH in answer.json()["message"]
    report = {"title": "x", "severity": "SEV2", "began_at": "2026-11-20T15:03:00Z", "what_happened": MUCH}
    assert call("post", "", report).status_code == 422
    assert call("patch", f"{incident.key}/", {"what_happened": "x" * LONGEST_TEXT}).status_code == 200


def test_the_form_says_it_beside_the_field_and_keeps_what_was_written(client, person):
    much = "[" * (LONGEST_TEXT + 1)
    answer = client.post("/incidents/new/", form_values(what_happened=much))
    page = answer.content.decode()
    assert not Incident.objects.exists()
    assert "20,001 characters; 20,000 fit here" in page
    assert 'id="id_what_happened_error"' in page
    assert much in page
    incident = make_incident()
    page = client.post(f"/incidents/{incident.key}/edit/", form_values(what_happened=much)).content.decode()
    assert 'id="id_what_happened_error"' in page
    assert much in page


def test_an_import_takes_over_what_fits_and_says_so(tmp_path, person):
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps({"title": "Long", "text": "x" * 30_000, "started": "2026-11-20T15:03:00Z"}))
    report = run([file], by=person)
    assert len(Incident.objects.get().what_happened) == LONGEST_TEXT
    assert "its text has 30,000 characters; the first 20,000 are taken over." in report.incomplete[0].reason


def test_a_hook_takes_over_what_fits(hook):
    assert hook({"title": "Down", "text": "[" * 200_000}).status_code == 201
    assert len(Incident.objects.get().what_happened) == LONGEST_TEXT


def test_a_longer_text_from_before_is_shown_and_holds_no_change_up(client, call):
    incident = make_incident()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE incidents_incident SET what_happened = %s WHERE id = %s", ["[" * 50_000, incident.pk]
        )
    page = client.get(f"/incidents/{incident.key}/")
    assert page.content.count(b"[") >= 50_000
    assert call("patch", f"{incident.key}/", {"title": "Another title"}).status_code == 200
    assert call("put", f"{incident.key}/milestones/detected/", {"state": "not_known"}).status_code == 200
    incident.refresh_from_db()
    assert (incident.title, len(incident.what_happened)) == ("Another title", 50_000)
    assert call("patch", f"{incident.key}/", {"what_happened": "short"}).status_code == 200


NO_TEXT = r'"\ud800"'


@pytest.mark.parametrize(
    "field", ["title", "what_happened", "source_title", "source_url", "zone", "severity"]
)
def test_the_api_refuses_half_a_character_in_words(call, field):
    incident = make_incident()
    for said in (NO_TEXT, r'"a\udfff b"'):
        answer = call("patch", f"{incident.key}/", f'{{"{field}": {said}}}')
        assert answer.status_code == 422
        assert "half a character" in answer.json()["message"]
    for lists in ("tags", "services", "teams"):
        assert call("patch", f"{incident.key}/", f'{{"{lists}": [{NO_TEXT}]}}').status_code == 422
    assert call("post", "", f'{{"{field}": {NO_TEXT}}}').status_code == 422
    assert call("put", f"{incident.key}/milestones/started/", f'{{"state": {NO_TEXT}}}').status_code == 422
    assert Incident.objects.get().version == 1


@pytest.mark.parametrize(
    "body", ["[" * 100_000, "{", "", r'{"base": NaN}', '{"base": 1e400}', "9" * 5_000, "\ufeff"]
)
def test_the_api_refuses_what_is_no_json(call, body):
    answer = call("patch", f"{make_incident().key}/", body)
    assert answer.status_code in {400, 422}
    assert "Traceback" not in answer.content.decode()


def test_the_api_folds_a_title_to_one_line_and_wants_one_that_can_be_seen(call):
    incident = make_incident()
    answer = call("patch", f"{incident.key}/", {"title": " A\r\n# B\u2028\u202eC\0 "})
    assert answer.json()["title"] == "A # B C"
    for title in ("   ", "\u200b", "\n\n", "\0", ""):
        answer = call("patch", f"{incident.key}/", {"title": title})
        assert (answer.status_code, answer.json()["field"]) == (422, "title")
    report = {"severity": "SEV2", "began_at": "2026-11-20T15:03:00Z"}
    assert call("post", "", report | {"title": "\u2800\u200b"}).status_code == 422
    changes = incident_changes(incident)
    assert changes[-1] == {"title": [incident.title, "A # B C"]}


def incident_changes(incident):
    rows = Activity.objects.filter(topic=f"incident:{incident.pk}", verb="changed").order_by("seq")
    return [row.changes for row in rows]


def test_controls_are_left_out_at_every_door(call, hook, tmp_path, person):
    incident = make_incident()
    call("patch", f"{incident.key}/", {"what_happened": "a\0b\x1b[0m\tc\n", "tags": ["x\0\ny"]})
    incident.refresh_from_db()
    assert incident.what_happened == "ab[0m\tc\n"
    assert incident.tags.get().name == "x y"
    told = hook(
        {
            "title": "Down\0\u2028\u202eagain",
            "text": "a\0b\ud800",
            "services": ["check\0out\u2029"],
            "tags": ["\0"],
        }
    )
    assert told.status_code == 201
    made = Incident.objects.latest("pk")
    assert (made.title, made.what_happened) == ("Down again", "ab\ufffd")
    assert [service.name for service in made.services.all()] == ["checkout"]
    file = tmp_path / "one.jsonl"
    file.write_text(
        json.dumps({"title": "One\0\ud800", "text": "\0a", "services": "b\0", "started": "2026-11-20"})
    )
    assert run([file], by=person).bad_count == 0
    assert Incident.objects.latest("pk").title == "One\ufffd"


def test_one_call_may_name_a_hundred_services_or_tags_and_no_more(call, hook):
    incident, many = make_incident(), [f"name {number}" for number in range(3_000)]
    answer = hook({"title": "Down", "services": many})
    assert answer.status_code == 422
    assert "3,000 services; an incident has 100 at most" in answer.json()["message"]
    assert hook({"title": "Down", "tags": many}).status_code == 422
    assert not Service.objects.exists()
    answer = call("patch", f"{incident.key}/", {"tags": many})
    assert (answer.status_code, answer.json()["field"]) == (422, "tags")
    answer = call("patch", f"{incident.key}/", {"tags": ["x" * 61]})
    assert (answer.status_code, answer.json()["field"]) == (422, "tags")
    assert not Tag.objects.exists()
    assert hook({"title": "Down", "services": many[:100], "tags": many[:100]}).status_code == 201
