"""Passwords as they are chosen, and sessions as they begin and end."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from followthrough.people import operations
from followthrough.people.models import User
from tests.clock import Clock
from tests.factories import make_person, signed_in
from tests.security.signing_in import PASSWORD, sign_in

database = pytest.mark.django_db


def _choose(person: User, password: str, old: str = PASSWORD) -> str:
    facts = {"oldpassword": old, "password1": password, "password2": password}
    answer = signed_in(person).post("/accounts/password/", facts)
    return "" if answer.status_code == 302 else answer.content.decode()


@database
@pytest.mark.parametrize(
    "password",
    ["  blanks at both ends  ", "wordswithoutanythingelse", "Schlüssel на полке 鍵 🗝", "long " * 40 + "x"],
)
def test_a_password_is_taken_exactly_as_typed(password: str) -> None:
    person = make_person(password=PASSWORD)
    assert _choose(person, password) == ""
    assert sign_in(person, password) == 302
    for other in {password.strip(), password.upper(), password[:-1], password[:64]} - {password}:
        assert sign_in(person, other) == 200


@database
@pytest.mark.parametrize(
    "password", ["Followthrough2026", "incident-outage!", "post.example.pw", "followthrough incident"]
)
def test_words_that_anybody_would_try_make_no_password(password: str, settings: Settings) -> None:
    settings.BASE_URL = "https://post.example.org"
    assert "words that anybody would try" in _choose(make_person(password=PASSWORD), password)


@database
@pytest.mark.parametrize("password", ["1234567890123", "password1234"])
def test_common_passwords_are_refused(password: str) -> None:
    assert "too common" in _choose(make_person(password=PASSWORD), password)


@database
def test_a_password_like_its_owner_is_refused() -> None:
    assert "too similar" in _choose(
        make_person("Alexandra Winterbottom", password=PASSWORD), "alexandrawinterbottom"
    )


@database
def test_a_password_does_not_age(clock: Clock) -> None:
    person = make_person(password=PASSWORD)
    clock.go(days=2000)
    assert sign_in(person, PASSWORD) == 302


@database
def test_changing_a_password_takes_the_one_of_before() -> None:
    person = make_person(password=PASSWORD)
    assert _choose(person, "another good phrase", old="a guess at it")
    assert sign_in(person, PASSWORD) == 302


@database
def test_password_fields_hide_what_is_typed_and_let_managers_fill_them() -> None:
    _, secret = operations.invite(
        email="new@example.org", role="member", team=None, by=make_person(role="administrator")
    )
    pages = [
        Client().get("/accounts/login/"),
        signed_in(make_person(password=PASSWORD)).get("/accounts/password/"),
        Client().get(f"/invitation/{secret}/"),
    ]
    for page in pages:
        fields = re.findall(r"<input[^>]*name=\"\w*password\w*\"[^>]*>", page.content.decode())
        assert fields
        assert all('type="password"' in field and 'autocomplete="' in field for field in fields)
        assert not [field for field in fields if "onpaste" in field or 'autocomplete="off"' in field]


@database
def test_a_session_has_a_new_key_at_sign_in_and_none_after_sign_out() -> None:
    person, client = make_person(password=PASSWORD), Client()
    keys = []
    for _ in range(2):
        client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
        keys.append(client.cookies["followthrough_session"].value)
        kept = Client()
        kept.cookies["followthrough_session"] = keys[-1]
        assert kept.get("/profile/").status_code == 200
        client.post("/accounts/logout/")
        assert kept.get("/profile/").status_code == 302
    assert keys[0] != keys[1]
    assert min(map(len, keys)) >= 32


@database
def test_a_key_that_somebody_made_up_is_no_session() -> None:
    client, person = Client(), make_person(password=PASSWORD)
    client.cookies["followthrough_session"] = "a" * 32
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert client.cookies["followthrough_session"].value != "a" * 32


@database
def test_every_page_leads_to_the_sign_out(administrator: Client) -> None:
    for address in (
        "/",
        "/incidents/",
        "/actions/",
        "/profile/",
        "/people/",
        "/settings/",
        "/incidents/INC-1/",
    ):
        assert "/accounts/logout/" in administrator.get(address).content.decode()


@database
@pytest.mark.parametrize(
    "onward",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"],
)
def test_signing_in_leads_to_no_other_site(onward: str) -> None:
    person = make_person(password=PASSWORD)
    facts = {"login": person.email, "password": PASSWORD, "next": onward}
    assert Client().post("/accounts/login/", facts).headers["Location"] == "/"
