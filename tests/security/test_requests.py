"""What every request meets, whatever it asks for."""

from __future__ import annotations

import pytest
from django.core import signing
from django.test import Client

from followthrough.activity.models import Activity
from followthrough.people import operations
from followthrough.people.models import User
from tests.factories import make_incident, make_person, make_postmortem, signed_in
from tests.test_routes import ROUTES

database = pytest.mark.django_db


@database
def test_every_answer_names_its_type_and_characters(administrator: Client) -> None:
    for _, address in ROUTES:
        answer = administrator.get(address)
        kind = answer.headers.get("Content-Type", "")
        assert "charset=utf-8" in kind or kind == "application/json" or not answer.content, (address, kind)


@database
def test_looking_at_pages_changes_nothing(administrator: Client) -> None:
    before = Activity.objects.count()
    for _, address in ROUTES:
        administrator.get(address)
    assert Activity.objects.count() == before


@database
def test_no_request_is_shown_again(administrator: Client) -> None:
    assert {administrator.generic("TRACE", address).status_code for _, address in ROUTES} == {405}


BY_THEIR_SECRET = ("/hooks/", "/in/", "/unsubscribe/", "/api/")
"""Asked for by programs, which have no cookie."""


@database
def test_forms_of_other_sites_are_refused(administrator: Client) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = administrator.cookies
    before = Activity.objects.count()
    taken = [
        address
        for _, address in ROUTES
        if not address.startswith(BY_THEIR_SECRET) and client.post(address, {}).status_code != 403
    ]
    assert not taken
    assert Activity.objects.count() == before


@database
def test_static_files_carry_the_policy_and_are_no_folder(client: Client) -> None:
    make_person()
    answer = client.get("/static/build/manifest.json")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for path in (
        "/static/",
        "/static/build/",
        "/files/",
        "/media/",
        "/.git/config",
        "/static/../config/settings.py",
    ):
        assert client.get(path).status_code == 404


@database
def test_no_answer_is_open_to_pages_of_other_sites(administrator: Client) -> None:
    for address in ("/static/build/manifest.json", "/api/incidents/", "/", "/accounts/login/"):
        answer = administrator.get(address, headers={"Origin": "https://elsewhere.example"})
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "same-origin"


@database
def test_a_signed_link_is_good_for_its_purpose_alone() -> None:
    person = make_person()
    for salt in ("followthrough.unsubscribe", "meetings.answers", "followthrough.reminder", "elsewhere"):
        token = signing.dumps([person.pk, "reminder"], salt=salt)
        wrong = {
            "followthrough.unsubscribe": (f"/answers/{token}/accepted/", f"/reminders/{token}/"),
            "meetings.answers": (f"/unsubscribe/{token}/", f"/reminders/{token}/"),
            "followthrough.reminder": (f"/unsubscribe/{token}/", f"/answers/{token}/accepted/"),
            "elsewhere": (f"/unsubscribe/{token}/", f"/answers/{token}/accepted/", f"/s/{token}/"),
        }[salt]
        for path in wrong:
            assert Client().get(path).status_code == 404, path
    token = signing.dumps([person.pk, "reminder"], salt="followthrough.unsubscribe")
    assert Client().get(f"/unsubscribe/{token}/").status_code == 200
    assert Client().get(f"/unsubscribe/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}/").status_code == 404


@database
def test_fields_that_a_form_does_not_have_change_nothing() -> None:
    person = make_person()
    facts = {"name": "Nia", "zone": "UTC", "work_starts": "09:00", "work_ends": "17:00"}
    more = {"role": "administrator", "is_active": "", "email": "x@example.org", "session_generation": "9"}
    signed_in(person).post("/profile/?name=Other&role=administrator", facts | more)
    after = User.objects.get(pk=person.pk)
    assert after.name == "Nia"
    assert (after.role, after.email, after.session_generation) == (person.role, person.email, 0)


@database
def test_the_api_takes_no_field_that_it_does_not_name() -> None:
    person = make_person()
    make_postmortem(make_incident(pk=1))
    _, token = operations.create_token(person, name="script", by=person)
    answer = Client().patch(
        "/api/incidents/INC-1/",
        {"id": 7, "version": 99, "reported_by": 1, "visibility": "restricted"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    told = Client().get("/api/incidents/INC-1/", headers={"Authorization": f"Bearer {token}"}).json()
    assert answer.status_code in {200, 422}
    assert (told["key"], told["version"]) == ("INC-1", 1)


@database
@pytest.mark.parametrize("path", ["/api/", "/api/openapi.json", "/metrics"])
def test_what_describes_the_inside_is_not_for_strangers(path: str) -> None:
    make_person()
    assert Client().get(path).status_code in {302, 401, 404}
