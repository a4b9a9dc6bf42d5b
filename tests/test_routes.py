"""Every address of the product, walked by those who have no business there."""

from __future__ import annotations

from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from followthrough.config.settings import CONTENT_SECURITY_POLICY
from followthrough.people.operations import create_token
from tests.factories import make_incident, make_person, make_postmortem, signed_in
from tests.walking import routes

pytestmark = pytest.mark.django_db

OPEN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
"""What anybody may open: the ways in. Everything else sends to the sign-in or does not exist."""

SAMPLES: dict[str, list[Any]] = {
    "int": [1],
    "str": ["unknown"],
    "slug": ["unknown"],
    "secret": ["unknown"],
    "path": ["unknown"],
    "uuid": [UUID(int=1)],
}


ROUTES = sorted(set(routes(SAMPLES)))


def test_the_walk_meets_the_known_pages() -> None:
    addresses = {address for _, address in ROUTES}
    assert {"/people/", "/incidents/", "/settings/", "/accounts/login/"} <= addresses
    assert not [address for address in addresses if "<" in address]


@pytest.fixture
def organisation() -> None:
    """INC-1 exists, so that a page which forgot to ask who is there would answer."""
    make_person()
    make_postmortem(make_incident(pk=1))


@pytest.mark.usefixtures("organisation")
def test_strangers_get_the_sign_in_or_nothing(client: Client) -> None:
    let_in = []
    for name, address in ROUTES:
        for answer in (client.get(address), client.post(address, {}, content_type="application/json")):
            sent_to_sign_in = answer.headers.get("Location", "").startswith("/accounts/login/")
            if not (name in OPEN or sent_to_sign_in or answer.status_code in {401, 404, 405}):
                let_in.append((address, answer.status_code))
    assert not let_in


STRICT = {"default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"}


@pytest.mark.usefixtures("organisation")
def test_every_answer_carries_the_strict_policy(client: Client) -> None:
    client.force_login(make_person(role="administrator"))
    lax = []
    for _, address in ROUTES:
        answer = client.get(address)
        policy = answer.headers.get("Content-Security-Policy", "")
        strict = set(policy.split("; ")) >= STRICT and "unsafe" not in policy
        if (
            not strict
            or answer.status_code >= 500
            or answer.headers.get("X-Content-Type-Options") != "nosniff"
        ):
            lax.append((address, answer.status_code, policy))
    assert not lax


@pytest.mark.parametrize("role", ["member", "stakeholder"])
def test_restricted_incident_does_not_exist_for_others(client: Client, role: str) -> None:
    make_postmortem(make_incident(pk=1, visibility="restricted"))
    client.force_login(make_person(role=role))
    inside = [address for _, address in ROUTES if "INC-1" in address]
    assert len(inside) > 20
    answers = [(address, ask(address)) for address in inside for ask in (client.get, client.post)]
    seen = [
        (address, answer.status_code) for address, answer in answers if answer.status_code not in {404, 405}
    ]
    assert not seen


METHODS = ("get", "post", "put", "patch", "delete")


@pytest.mark.parametrize("role", ["", "member", "stakeholder"])
def test_no_operation_of_the_api_knows_what_its_person_may_not_see(role: str) -> None:
    """Every operation there is or will be, with the methods it has and those it has not."""
    make_postmortem(make_incident(pk=1, visibility="restricted"))
    headers = {}
    if role:
        person = make_person(role=role)
        headers = {"Authorization": f"Bearer {create_token(person, name='walk', by=person)[1]}"}
    samples = SAMPLES | {"str": ["INC-1"]}
    inside = [address for _, address in routes(samples) if address.startswith("/api/") and "INC-1" in address]
    assert len(inside) >= 2
    for address, method in product(inside, METHODS):
        answer = getattr(Client(), method)(address, {}, content_type="application/json", headers=headers)
        assert answer.status_code in {401, 403, 404, 405, 422}, (address, method)
        assert "Checkout returned" not in answer.content.decode()


@pytest.mark.usefixtures("organisation")
def test_stakeholders_are_told_of_nothing_that_is_not_published() -> None:
    client = signed_in(make_person(role="stakeholder"))
    inside = [address for _, address in ROUTES if "INC-1" in address]
    answers = [(address, ask(address)) for address in inside for ask in (client.get, client.post)]
    assert not [(address, row.status_code) for address, row in answers if row.status_code not in {404, 405}]


def test_no_script_may_come_from_elsewhere() -> None:
    directives = CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert "script-src" not in directives
    assert directives["default-src"] == ["'self'"]
