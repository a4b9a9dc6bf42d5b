"""What answers say to caches, robots and browsers, and which names the server answers to."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from followthrough.actions.operations import add_action
from followthrough.config.environment import Environment
from followthrough.people import operations
from tests.cli.commands import serving
from tests.factories import make_incident, make_person, make_postmortem, signed_in


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/incidents/",
        "/incidents/INC-1/",
        "/actions/actions.csv",
        "/profile/",
        "/profile/calendars/",
        "/people/",
        "/api/",
        "/gone/",
    ],
)
def test_nothing_of_a_session_is_stored(path: str) -> None:
    make_postmortem(make_incident(pk=1))
    answer = signed_in(make_person(role="administrator")).get(path)
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_nothing_of_a_token_is_stored(client: Client) -> None:
    person = make_person()
    _, secret = operations.create_token(person, name="script", by=person)
    for token in (secret, "wrong"):
        answer = client.get("/api/incidents/", headers={"Authorization": f"Bearer {token}"})
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_what_is_shown_once_is_not_stored() -> None:
    client, other = signed_in(make_person(role="administrator")), make_person()
    for path, facts in (
        ("/profile/tokens/", {"name": "script"}),
        ("/profile/feed/", {}),
        ("/people/invitations/", {"email": "new@example.org", "role": "member"}),
        (f"/people/{other.pk}/password-link/", {}),
    ):
        answer = client.post(path, facts)
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("rest", ["", "summary.json", "summary.exe", "feedback/"])
def test_robots_stay_out_of_everything_shared(client: Client, rest: str) -> None:
    make_person()
    answer = client.get(f"/s/1:invented/{rest}")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_browsers_keep_to_tls_where_the_base_url_does(client: Client, settings: Settings) -> None:
    make_person()
    assert "Strict-Transport-Security" not in client.get("/accounts/login/").headers
    settings.HSTS_SECONDS = 100
    assert client.get("/accounts/login/").headers["Strict-Transport-Security"] == "max-age=100"


@pytest.mark.django_db
def test_the_csrf_cookie_lives_no_longer_than_a_session(client: Client, settings: Settings) -> None:
    make_person()
    client.get("/accounts/login/")
    assert int(client.cookies["followthrough_csrf"]["max-age"]) <= settings.SESSION_LONGEST_SECONDS


def test_only_a_server_on_loopback_answers_to_loopback_names() -> None:
    local = {"localhost", "127.0.0.1", "[::1]"}
    assert set(Environment(base_url="http://127.0.0.1:8000").host_names) == local
    assert set(Environment(base_url="http://[::1]:8000").host_names) == local
    assert Environment(base_url="https://post.example.org").host_names == ["post.example.org"]
    named = Environment(base_url="https://post.example.org", hosts="a.example.org, b.example.org")
    assert named.host_names == ["a.example.org", "b.example.org", "post.example.org"]


@pytest.mark.slow
def test_a_wrong_host_is_refused_and_tls_is_asked_for(tmp_path: Path) -> None:
    base = "https://post.example.org"
    with serving(tmp_path / "data", FOLLOWTHROUGH_BASE_URL=base) as (address, _):
        for host in ("localhost:6666", "127.0.0.1:6666", "localhost", "[::1]:99", "evil.example", "0.0.0.0"):
            assert httpx.get(f"{address}/accounts/login/", headers={"Host": host}).status_code == 400
        answer = httpx.get(f"{address}/setup/", headers={"Host": "post.example.org"})
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


@pytest.mark.django_db
def test_addresses_in_files_begin_with_the_base_url(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.BASE_URL = "https://post.example.org"
    person = make_person()
    add_action(make_postmortem(), text="Reject empty values in CI", owner=person, by=person)
    table = signed_in(person).get("/actions/actions.csv", headers={"Host": "localhost:6666"}).content.decode()
    assert "https://post.example.org/actions/ACT-" in table
    assert "localhost" not in table
