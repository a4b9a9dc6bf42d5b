"""Odd values in addresses, forms and bodies: each gets an answer in words, none breaks a page."""

from __future__ import annotations

import pytest
from django.forms import ModelMultipleChoiceField
from django.test import Client
from pytest_django.fixtures import Settings

from followthrough.core.forms import ChosenRowsField
from followthrough.people.operations import create_token
from tests.core.test_slow_readers import form_classes
from tests.factories import make_incident, make_person, make_postmortem, signed_in

pytestmark = pytest.mark.django_db
NUMBERS = ["²", "٣", "9" * 5_000, "9" * 18, "9" * 19, "-1", "1e400", "NaN", "", " 7"]
ADDRESSES = [
    "https://[",
    "http://[::1",
    "webcal://a:b/",
    "https://a:99999999/",
    "https://[x]/",
    "//",
    "https://" + "a" * 1_900,
]


@pytest.fixture
def administrator() -> Client:
    make_postmortem(make_incident(pk=1))
    return signed_in(make_person(role="administrator"))


@pytest.mark.parametrize(
    "address",
    [
        "/incidents/INC-1/schedule/?minutes=",
        "/actions/?who=all&incident=",
        "/actions/?who=all&q=ACT-",
        "/actions/?who=all&q=",
        "/incidents/?period=",
        "/incidents/?service=",
        "/incidents/?after=",
        "/incidents/?q=INC-",
        "/meetings/?after=",
        "/insights/?period=",
        "/incidents/?since=",
    ],
)
def test_odd_numbers_in_addresses(administrator: Client, address: str) -> None:
    for number in NUMBERS:
        assert administrator.get(address + number).status_code < 500, number


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/patterns/1/split/", "incident"),
        ("/incidents/INC-1/texts/note:causes/restoration/", "version"),
        ("/incidents/INC-1/impact/", "users_affected"),
        ("/incidents/INC-1/attendees/", "person"),
        ("/settings/severities/new/", "rank"),
        ("/choose/", "about"),
        ("/people/1/", "teams"),
        ("/settings/teams/", "people"),
        ("/incidents/INC-1/summary/mail/", "team"),
        ("/incidents/INC-1/summary/mail/", "person"),
    ],
)
def test_odd_numbers_in_forms(administrator: Client, address: str, field: str) -> None:
    for number in NUMBERS:
        assert administrator.post(address, {field: number, "chosen": "yes"}).status_code < 500, number


def test_every_form_takes_chosen_rows_by_numbers_that_a_column_can_hold() -> None:
    fields = [field for form in form_classes() for field in getattr(form, "base_fields", {}).values()]
    chosen = [field for field in fields if isinstance(field, ModelMultipleChoiceField)]
    assert len(chosen) > 5
    assert [field for field in chosen if not isinstance(field, ChosenRowsField)] == []


def test_odd_numbers_name_no_sample_person(client: Client, settings: Settings) -> None:
    settings.DEMO = True
    for number in NUMBERS:
        assert client.post("/accounts/sample/", {"person": number}).status_code == 404, number


@pytest.mark.parametrize("address", ADDRESSES)
def test_odd_addresses_of_calendars_are_refused(administrator: Client, address: str) -> None:
    form = {"kind": "address", "address-name": "Work", "address-address": address}
    answer = administrator.post("/profile/calendars/", form)
    assert answer.status_code == 200
    assert "https://" in answer.content.decode()


@pytest.mark.parametrize("body", [r'{"what_happened": "\ud800"}', r'{"title": "a\u0000b"}', "[" * 100_000])
def test_odd_texts_by_the_api(administrator: Client, client: Client, body: str) -> None:
    person = make_person()
    _, token = create_token(person, name="odd", by=person)
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.patch("/api/incidents/INC-1/", body, content_type="application/json", headers=headers)
    assert answer.status_code in {200, 400, 422}
    assert administrator.get("/incidents/INC-1/").status_code == 200


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_background_work_is_shown_in_every_zone(zone: str) -> None:
    """The end of the year 9999 west of Greenwich is past what a time can hold."""
    administrator = signed_in(make_person(role="administrator", zone=zone))
    assert administrator.get("/settings/work/").status_code == 200
