"""What broke and what was refused: told to the log, not to who asked."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from followthrough.core.log_format import OneLine
from followthrough.core.middleware import DomainErrors
from tests.factories import make_incident, make_person, make_postmortem, signed_in
from tests.security.signing_in import PASSWORD, sign_in

database = pytest.mark.django_db


@database
def test_an_error_is_logged_and_tells_nothing_of_the_inside(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    person = make_person()
    client = Client(raise_request_exception=False)
    client.force_login(person)
    monkeypatch.setattr("followthrough.people.views.profile._page", lambda *_, **__: 1 / 0)
    answer = client.get("/profile/")
    assert answer.status_code == 500
    assert "ZeroDivisionError" in caplog.text
    words = answer.content.decode()
    assert not [word for word in ("Traceback", "ZeroDivision", ".py", "SECRET", "settings") if word in words]


def test_what_breaks_is_not_taken_for_allowed() -> None:
    def view(_: HttpRequest) -> HttpResponse:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        DomainErrors(view)(RequestFactory().get("/"))  # type: ignore[arg-type]


class Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def heard() -> Any:
    """What the security log says."""
    log, handler = logging.getLogger("followthrough.security"), Heard()
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield handler.lines
    log.removeHandler(handler)
    log.setLevel(logging.NOTSET)


@database
def test_signing_in_and_out_is_logged_and_so_are_failures(heard: list[str]) -> None:
    person = make_person(password=PASSWORD)
    for _ in range(5):
        sign_in(person, "a guess at it")
    sign_in(person, "a guess at it")
    signed = Client()
    signed.post("/accounts/login/", {"login": person.email, "password": PASSWORD}, REMOTE_ADDR="203.0.113.5")
    signed.post("/accounts/logout/")
    assert heard.count("sign-in failed person=- address=127.0.0.1") == 5
    assert heard.count("sign-in throttled person=- address=127.0.0.1") == 1
    assert f"signed in person={person.pk} address=203.0.113.5" in heard
    assert f"signed out person={person.pk} address=127.0.0.1" in heard
    assert not [line for line in heard if "guess" in line or person.email in line]


@database
def test_what_somebody_was_refused_is_logged_with_who_it_was(heard: list[str]) -> None:
    make_postmortem(make_incident(pk=1, visibility="restricted"))
    person = make_person()
    signed_in(person).get("/incidents/INC-1/")
    signed_in(person).get("/settings/teams/")
    assert [line for line in heard if line.startswith("refused")] == [
        f"refused 404 GET /incidents/INC-1/ person={person.pk} address=127.0.0.1",
        f"refused 403 GET /settings/teams/ person={person.pk} address=127.0.0.1",
    ]


@database
def test_a_host_that_is_not_ours_is_logged_without_a_traceback(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    refused = client.get("/accounts/login/", headers={"host": "evil.test"})
    assert (refused.status_code, "evil.test" in refused.text) == (400, False)
    assert "This address is not known here" in refused.text
    told = [record for record in caplog.records if record.name == "django.security.DisallowedHost"]
    assert told
    assert not any(record.exc_info or record.exc_text for record in told)
    assert all("add 'evil.test' to FOLLOWTHROUGH_HOSTS" in record.getMessage() for record in told)


def test_a_log_line_is_one_line_in_utc() -> None:
    record = logging.LogRecord(
        "x", logging.INFO, "x.py", 1, "Not Found: %s", ("/a\r\n2026 INFO forged\x1b[2J\u2028",), None
    )
    record.created = 0
    formatter = next(
        one.formatter for one in logging.getLogger().handlers if isinstance(one.formatter, OneLine)
    )
    line = formatter.format(record)
    assert line == "1970-01-01T00:00:00Z INFO x: Not Found: /a\\x0d\\x0a2026 INFO forged\\x1b[2J\\u2028"
