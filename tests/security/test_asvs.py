"""What docs/security.md says of the product as a whole and no room's own test holds."""

from __future__ import annotations

import ast
import json
import logging
import os
import re
import subprocess
import sys
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from followthrough.activity.models import Activity
from followthrough.core.log_format import OneLine
from followthrough.core.middleware import DomainErrors
from followthrough.people import operations
from followthrough.people.models import User
from tests.cli.commands import serving
from tests.clock import Clock
from tests.factories import make_incident, make_person, make_postmortem, signed_in
from tests.test_routes import ROUTES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "followthrough"
SCRIPTS = [path for path in (ROOT / "frontend").rglob("*.ts*") if "node_modules" not in path.parts]
PASSWORD = "kettle on the stove"
database = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_earlier_tries() -> None:
    """allauth counts changes of a password in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def administrator() -> Client:
    """Signed in, where INC-1 exists."""
    make_postmortem(make_incident(pk=1))
    return signed_in(make_person(role="administrator"))


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


@pytest.mark.slow
def test_cookies_are_bound_to_their_host_where_the_site_has_tls(tmp_path: Path) -> None:
    base = "https://post.example.org"
    with serving(tmp_path, FOLLOWTHROUGH_BASE_URL=base) as (address, _):
        answer = httpx.get(f"{address}/setup/", headers={"Host": "post.example.org"})
    for line in answer.headers.get_list("set-cookie"):
        (name, cookie), *_ = SimpleCookie(line).items()
        assert name.startswith("__Host-")
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert (cookie["path"], cookie["domain"]) == ("/", "")


TELL = """
import json, django
django.setup()
from django.conf import settings
from django.contrib.auth.hashers import make_password
print(json.dumps({
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.DEVICE_COOKIE_NAME],
    "debug": settings.DEBUG, "demo": settings.DEMO,
    "options": settings.DATABASES["default"]["OPTIONS"], "hash": make_password("x"),
}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The settings of a new installation with TLS and PostgreSQL."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "followthrough.config.settings",
        "FOLLOWTHROUGH_DATA": str(tmp_path_factory.mktemp("data")),
        "FOLLOWTHROUGH_BASE_URL": "https://post.example.org",
        "FOLLOWTHROUGH_DATABASE_URL": "postgresql://a:b@db/c?sslmode=verify-full",
    }
    done = subprocess.run(
        [sys.executable, "-c", TELL], env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_cookie_names_are_those_of_one_host(told: dict[str, Any]) -> None:
    assert all(name.startswith("__Host-") for name in told["names"])


def test_debugging_and_the_sample_are_off(told: dict[str, Any]) -> None:
    assert (told["debug"], told["demo"]) == (False, False)


def test_the_database_can_be_asked_for_tls(told: dict[str, Any]) -> None:
    assert told["options"] == {"sslmode": "verify-full"}


def test_passwords_are_stored_slowly(told: dict[str, Any]) -> None:
    algorithm, rounds, _ = told["hash"].split("$", 2)
    assert algorithm == "pbkdf2_sha256"
    assert int(rounds) >= 600_000


def _sign_in(person: User, password: str) -> int:
    return Client().post("/accounts/login/", {"login": person.email, "password": password}).status_code


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
    assert _sign_in(person, password) == 302
    for other in {password.strip(), password.upper(), password[:-1], password[:64]} - {password}:
        assert _sign_in(person, other) == 200


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
    assert _sign_in(person, PASSWORD) == 302


@database
def test_changing_a_password_takes_the_one_of_before() -> None:
    person = make_person(password=PASSWORD)
    assert _choose(person, "another good phrase", old="a guess at it")
    assert _sign_in(person, PASSWORD) == 302


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
        _sign_in(person, "a guess at it")
    _sign_in(person, "a guess at it")
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


OWN_FORMATS = {
    ("search/queries/index.py", "sql"),
    ("patterns/phrasing.py", "_MECHANISMS[mechanism]"),
    ("wording/specificity.py", "reason"),
    ("scheduling/operations/invitee_notifications.py", "news.what"),
    ("incidents/queries/history.py", "known"),
}
"""Statements and sentences that stand in those files."""
FORBIDDEN = {"eval", "exec", "compile", "__import__"}
UNSAFE = {("pickle", "loads"), ("pickle", "load"), ("marshal", "loads"), ("os", "system"), ("os", "popen")}


def _calls() -> list[tuple[Path, ast.Call]]:
    return [
        (path, node)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    ]


def test_nothing_runs_what_it_was_given() -> None:
    """No evaluation, no shell, no deserialization that makes objects of any type, no templates made of text."""
    for path, call in _calls():
        shell = [word for word in call.keywords if word.arg == "shell"]
        name = getattr(call.func, "id", "")
        owner = getattr(getattr(call.func, "value", None), "id", "")
        attribute = getattr(call.func, "attr", "")
        assert not shell, path
        assert name not in FORBIDDEN, path
        assert (owner, attribute) not in UNSAFE, path
        assert attribute not in {"from_string", "extra"}, path
        assert name not in {"Template", "RawSQL"}, path


def test_formats_are_our_own() -> None:
    """Only constants and our own vocabularies are formats; what people write is a value in them."""
    formats = {
        (path.relative_to(PACKAGE).as_posix(), ast.unparse(call.func.value))
        for path, call in _calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"format", "format_map"}
        if not isinstance(call.func.value, ast.Constant)
    }
    others = {
        (path, text)
        for path, text in formats
        if not path.startswith("sample/") and not text.lstrip("_").isupper()
    }
    assert others == OWN_FORMATS


DRAWN = {
    "panel", "strip", "strip_narrow", "fishbone", "picture",
    "report.strip", "report.strip_narrow", "report.fishbone",
}  # fmt: skip
"""What other templates and the drawings escape themselves."""


def test_no_page_leaves_the_escaping_off() -> None:
    pages = [path.read_text() for path in PACKAGE.rglob("*.html")]
    assert {name for page in pages for name in re.findall(r"([\w.]+)\s*\|\s*safe\b", page)} == DRAWN
    assert not [page for page in pages if "autoescape off" in page]


def test_scripts_run_no_text_and_hear_no_other_window() -> None:
    running = re.compile(
        r"\beval\(|new Function\(|document\.write\(|addEventListener\(\"message\"|onmessage = \(event\)"
    )
    assert not [path for path in SCRIPTS if running.search(path.read_text())]


def test_scripts_keep_only_what_is_known_in_the_browser() -> None:
    """Unsent changes and half-written lines of their writer, and the keys of their own anonymous lines."""
    keeping = {
        path.name for path in SCRIPTS if re.search(r"localStorage|sessionStorage|indexedDB", path.read_text())
    }
    assert keeping == {"outbox.ts", "composer.tsx", "secrets.ts"}
    assert not [path for path in SCRIPTS if "document.cookie" in path.read_text()]


def test_every_dependency_is_named_with_its_digest() -> None:
    lock = (ROOT / "uv.lock").read_text()
    packages = lock.split("[[package]]")[1:]
    assert len(packages) > 50
    assert not [one[:60] for one in packages if "sha256:" not in one and "editable" not in one]
    assert "integrity" in (ROOT / "frontend" / "package-lock.json").read_text()
