"""What the form of a report refuses, it refuses in words, beside the field, and keeps the rest."""

from __future__ import annotations

import uuid

import pytest

from followthrough.incidents import operations
from followthrough.incidents.models import Incident
from tests.factories import make_person, make_service
from tests.incidents.report_forms import form_values

pytestmark = pytest.mark.django_db
HUGE = "9" * 40


@pytest.fixture(autouse=True)
def person(client):
    operations.seed_defaults()
    person = make_person("Ada Okafor", zone="Europe/Berlin")
    client.force_login(person)
    return person


def refused(client, **given):
    answer = client.post("/incidents/new/", form_values(**given))
    assert answer.status_code == 200
    assert not Incident.objects.exists()
    page = answer.content.decode()
    assert "What you wrote is kept" in page
    assert "Checkout returned 502" in page
    return page


def test_a_role_that_does_not_fit_is_named_beside_its_row(client):
    gone = make_person("Grace Gone", is_active=False)
    page = refused(client, **{"people-0-person": gone.pk, "people-0-role": "responder"})
    assert "Grace Gone has no active account any more. Choose somebody else." in page
    assert 'id="id_people-0-person_error"' in page
    assert "This person is not in the list any more." in refused(client, **{"people-0-person": HUGE})
    here = make_person().pk
    assert "Choose a role." in refused(client, **{"people-0-person": here, "people-0-role": ""})
    page = refused(client, **{"people-0-person": here, "people-0-role": "king"})
    assert "This role is not in the list. Choose another one." in page


def test_rows_that_did_not_arrive_or_are_too_many_can_be_sent_again(client):
    page = refused(client, **{"people-TOTAL_FORMS": ""})
    assert "The people and their roles did not arrive." in page
    assert 'name="people-TOTAL_FORMS" id="id_people-TOTAL_FORMS" value="0"' in page
    page = refused(client, **{"people-TOTAL_FORMS": 5000})
    assert "No more than 200 people fit here." in page
    assert 'id="id_people-TOTAL_FORMS" value="200"' in page


def test_a_thirty_first_row_counts_and_one_without_a_person_does_not(client):
    row = {"people-TOTAL_FORMS": 32, "people-30-person": make_person().pk, "people-30-role": "responder"}
    client.post("/incidents/new/", form_values(**row))
    assert Incident.objects.get().involvements.count() == 1


@pytest.mark.parametrize("field", ["services", "teams", "named_people"])
@pytest.mark.parametrize("key", [HUGE, "999999", "x", "-1"])
def test_something_ticked_that_is_gone_is_told(client, field, key):
    assert "is not in the list any more. The others are still ticked" in refused(client, **{field: [key]})


def test_what_is_still_there_stays_ticked(client):
    service = make_service()
    page = refused(client, services=[service.pk, HUGE])
    assert f'name="services" value="{service.pk}" aria-invalid="true" id="id_services_0" checked' in page


@pytest.mark.parametrize("severity", ["999", HUGE, "x"])
def test_a_severity_that_is_gone_is_told_and_none_is_chosen(client, severity):
    page = refused(client, severity=severity)
    assert "The severity you chose is not in the list any more. Choose another one." in page
    choices = page.split('<select name="severity"')[1].split("</select>")[0]
    assert '<option value="">Choose one</option>' in choices
    assert "selected" not in choices


def test_a_version_does_not_stand_for_a_time(client):
    assert "Give at least one time" in refused(client, base="5", started_at="")
    assert "Give at least one time" in refused(client, base="5", started_at="", started_state="not_known")


@pytest.mark.parametrize("sent_by_another", [True, False])
def test_a_token_that_cannot_be_used_is_told_and_renewed(client, person, sent_by_another):
    token = str(uuid.uuid4()) if sent_by_another else "nonsense"
    if sent_by_another:
        client.force_login(make_person())
        client.post("/incidents/new/", form_values(token=token))
        client.force_login(person)
    before = Incident.objects.count()
    answer = client.post("/incidents/new/", form_values(token=token))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "What you wrote is kept; send it again." in page
    assert Incident.objects.count() == before
    renewed = page.split('name="token" value="')[1].split('"')[0]
    assert renewed != token
    client.post("/incidents/new/", form_values(token=renewed))
    assert Incident.objects.count() == before + 1


def test_an_odd_state_is_named_beside_its_milestone(client):
    page = refused(client, detected_state="nonsense")
    assert 'id="id_detected_state_error">Choose one of the three in the list.' in page


def test_fields_of_the_other_kind_do_not_count(client):
    launch = {"kind": "launch", "started_at": "garbage", "actual_start_at": "2026-11-20T15:03"}
    client.post("/incidents/new/", form_values(**launch, detected_state="nonsense"))
    incident = Incident.objects.get()
    assert incident.kind == "launch"
    assert not incident.milestones.filter(name__in=["started", "detected"]).exists()


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        ("tags", "gateway, " + "x" * 61, "is longer than 60 characters."),
        ("title", "\u200b\u200d\ufeff", "Give it a title that can be read"),
        ("started_at", "2026-11-20T15:03+09:00", "this is a time on the incident’s own clock"),
        ("started_at", "2026-11-20T15:03Z", "this is a time on the incident’s own clock"),
    ],
)
def test_what_would_be_cut_or_left_out_is_refused(client, field, given, words):
    page = client.post("/incidents/new/", form_values(**{field: given})).content.decode()
    assert words in page
    assert not Incident.objects.exists()


def test_a_tag_of_sixty_characters_fits(client):
    client.post("/incidents/new/", form_values(tags="x" * 60))
    assert Incident.objects.get().tags.get().name == "x" * 60
