"""Every address of the product, walked by those who have no business there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters
from django.urls.resolvers import RegexPattern, RoutePattern

from followthrough.config.settings import CONTENT_SECURITY_POLICY
from tests.factories import make_incident, make_person, make_postmortem

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

SAMPLES: dict[str, Any] = {
    "int": 1,
    "str": "unknown",
    "slug": "unknown",
    "path": "unknown",
    "secret": "unknown",
    "uuid": UUID(int=1),
}


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "/"
) -> Iterator[tuple[str, str]]:
    """(name, address with sample values) of every pattern."""
    for entry in patterns or get_resolver().url_patterns:
        address = prefix + _filled_in(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, address)
        else:
            yield entry.name or address, address


def _filled_in(pattern: Any) -> str:
    if isinstance(pattern, RegexPattern):
        return "accounts/password/reset/key/1-unknown/"
    assert isinstance(pattern, RoutePattern)
    kinds = {converter: label for label, converter in get_converters().items()}

    def sample(match: re.Match[str]) -> str:
        converter = pattern.converters[match[1]]
        return str(converter.to_url(SAMPLES.get(kinds[converter], 1)))

    return re.sub(r"<(?:\w+:)?(\w+)>", sample, str(pattern))


ROUTES = sorted(set(routes()))


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


@pytest.mark.usefixtures("organisation")
def test_every_answer_carries_the_strict_policy(client: Client) -> None:
    client.force_login(make_person(role="administrator"))
    lax = []
    for _, address in ROUTES:
        answer = client.get(address)
        policy = answer.headers.get("Content-Security-Policy", "")
        strict = "default-src 'self'" in policy and "unsafe" not in policy
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


def test_no_script_may_come_from_elsewhere() -> None:
    directives = CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert "script-src" not in directives
    assert directives["default-src"] == ["'self'"]
