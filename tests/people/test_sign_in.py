"""The ways in: set-up, sign-in, sample people, invitations."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from followthrough.activity.models import Activity
from followthrough.core.errors import NotFound
from followthrough.incidents.models import Severity
from followthrough.jobs.worker import run_task
from followthrough.people import operations
from followthrough.people.models import Invitation, User
from followthrough.people.setup_code import setup_code
from tests.factories import make_person, make_team

pytestmark = pytest.mark.django_db
PASSWORD = "kettle on the stove"
FACTS = {"name": "Priya Nair", "email": "priya@example.org", "password": PASSWORD, "zone": "Asia/Kolkata"}


@pytest.fixture(autouse=True)
def no_earlier_tries() -> None:
    """Rate limits count in the cache, which outlives a test."""
    cache.clear()


def sign_in(client: Client, person: User, password: str = PASSWORD) -> int:
    return client.post("/accounts/login/", {"login": person.email, "password": password}).status_code


def test_empty_organisation_is_set_up_first(client: Client) -> None:
    assert client.get("/accounts/login/").headers["Location"] == "/setup/"


def test_set_up_makes_the_first_administrator_and_signs_them_in(client: Client) -> None:
    page = client.post("/setup/", FACTS | {"code": setup_code().lower()})
    assert page.status_code == 302
    person = User.objects.get()
    assert (person.role, person.zone) == (User.Role.ADMINISTRATOR, "Asia/Kolkata")
    assert client.get("/people/").status_code == 200
    assert Severity.objects.count() == 5
    assert Activity.objects.filter(kind="people.user", verb="set_up", actor=person).count() == 1


@pytest.mark.parametrize("code", ["", "AAAA-BBBB-CCCC"])
def test_set_up_needs_the_code(client: Client, code: str) -> None:
    page = client.post("/setup/", FACTS | {"code": code})
    assert page.status_code == 200
    assert not User.objects.exists()


def test_set_up_needs_a_good_password(client: Client) -> None:
    page = client.post("/setup/", FACTS | {"code": setup_code(), "password": "password123"})
    assert b"too common" in page.content
    assert not User.objects.exists()


def test_set_up_page_is_gone_once_there_is_anybody(client: Client) -> None:
    make_person()
    assert client.get("/setup/").status_code == 404
    assert client.post("/setup/", FACTS | {"code": setup_code()}).status_code == 404
    assert User.objects.count() == 1


def test_sign_in_by_password(client: Client) -> None:
    person = make_person(password=PASSWORD)
    assert sign_in(client, person, "something else") == 200
    assert sign_in(client, person) == 302
    assert client.get("/profile/").status_code == 200


def test_sign_in_tries_are_limited(client: Client) -> None:
    person = make_person(password=PASSWORD)
    for _ in range(5):
        sign_in(client, person, "a guess at it")
    page = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert page.status_code == 200
    assert b"Too many failed login attempts" in page.content


def test_deactivated_person_cannot_sign_in_and_is_signed_out(client: Client) -> None:
    person, administrator = make_person(password=PASSWORD), make_person(role="administrator")
    sign_in(client, person)
    operations.deactivate(person, by=administrator)
    assert client.get("/profile/").headers["Location"].startswith("/accounts/login/")
    page = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}, follow=True)
    assert b"This account is closed" in page.content
    assert client.get("/profile/").status_code == 302


def test_nobody_signs_up_by_themselves(client: Client) -> None:
    assert client.get("/accounts/signup/").status_code == 404


def test_sample_people_do_not_exist_outside_demo_mode(client: Client, settings: Settings) -> None:
    settings.DEMO = False
    person = make_person("Ana Costa", email="ana@larkfield.example")
    assert b"Ana Costa" not in client.get("/accounts/login/").content
    assert client.post("/accounts/sample/", {"person": person.pk}).status_code == 404
    assert client.get("/profile/").status_code == 302


def test_demo_mode_signs_in_as_sample_people_by_post_only(client: Client, settings: Settings) -> None:
    settings.DEMO = True
    person = make_person("Ana Costa", email="ana@larkfield.example", team=make_team("Payments"))
    page = client.get("/accounts/login/").content.decode()
    assert page.index("Payments") < page.index("Ana Costa")
    assert client.get(f"/accounts/sample/?person={person.pk}").status_code == 405
    assert (
        client.post("/accounts/sample/", {"person": person.pk, "next": "/people/"}).headers["Location"]
        == "/people/"
    )
    assert client.get("/profile/").status_code == 200


@pytest.mark.parametrize("email", ["real@example.org", "real@company.com"])
def test_demo_mode_never_signs_in_as_a_real_person(client: Client, settings: Settings, email: str) -> None:
    settings.DEMO = True
    person = make_person("Real Person", email=email)
    assert b"Real Person" not in client.get("/accounts/login/").content
    assert client.post("/accounts/sample/", {"person": person.pk}).status_code == 404


def test_sample_sign_in_leads_nowhere_else(client: Client, settings: Settings) -> None:
    settings.DEMO = True
    person = make_person(email="ana@larkfield.example")
    assert client.post("/accounts/sample/", {"person": person.pk, "next": "x"}).status_code == 302
    answer = client.post("/accounts/sample/", {"person": person.pk, "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


@pytest.fixture
def administrator() -> User:
    return make_person("Admin", role="administrator")


def test_invited_person_comes_in_once(client: Client, administrator: User) -> None:
    team = make_team("Payments")
    _, secret = operations.invite(email="New@Example.org", role="member", team=team, by=administrator)
    page = client.get(f"/invitation/{secret}/")
    assert b"new@example.org" in page.content
    answer = client.post(
        f"/invitation/{secret}/", {"name": "Nia", "password": PASSWORD, "zone": "Europe/Lisbon"}
    )
    assert answer.status_code == 302
    person = User.objects.get(email="new@example.org")
    assert (person.role, person.zone, [*person.teams.all()]) == ("member", "Europe/Lisbon", [team])
    assert client.get("/profile/").status_code == 200
    again = client.get(f"/invitation/{secret}/")
    assert again.status_code == 404
    assert b"was used already" in again.content


def test_only_a_digest_of_the_link_is_kept(administrator: User) -> None:
    invitation, secret = operations.invite(email="a@example.org", role="member", team=None, by=administrator)
    assert secret not in str(Invitation.objects.filter(pk=invitation.pk).values().get())
    assert secret not in str(list(Activity.objects.values()))


def test_expired_and_withdrawn_links_say_so(client: Client, administrator: User) -> None:
    old, old_secret = operations.invite(email="a@example.org", role="member", team=None, by=administrator)
    Invitation.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    drawn, drawn_secret = operations.invite(email="b@example.org", role="member", team=None, by=administrator)
    operations.withdraw(drawn, by=administrator)
    for secret, words in (
        (old_secret, "has expired"),
        (drawn_secret, "was withdrawn"),
        ("x" * 43, "not complete"),
    ):
        facts = {"name": "Nia", "password": PASSWORD, "zone": "UTC"}
        for page in (client.get(f"/invitation/{secret}/"), client.post(f"/invitation/{secret}/", facts)):
            assert page.status_code == 404
            assert words in page.content.decode()
    assert User.objects.count() == 1


def test_an_invitation_withdrawn_while_it_is_accepted_lets_nobody_in(administrator: User) -> None:
    read_before, _ = operations.invite(email="a@example.org", role="member", team=None, by=administrator)
    operations.withdraw(Invitation.objects.get(), by=administrator)
    with pytest.raises(NotFound, match="was withdrawn"):
        operations.accept(read_before, name="Nia", password=PASSWORD, zone="UTC")
    assert User.objects.count() == 1


def test_new_invitation_withdraws_the_earlier_one(administrator: User) -> None:
    first, _ = operations.invite(email="a@example.org", role="member", team=None, by=administrator)
    operations.invite(email="a@example.org", role="stakeholder", team=None, by=administrator)
    first.refresh_from_db()
    assert first.withdrawn_at


def test_invitation_is_shown_once_and_mailed_where_mail_is_set_up(
    client: Client, administrator: User, settings: Settings
) -> None:
    client.force_login(administrator)
    facts = {"email": "new@example.org", "role": "member"}
    page = client.post("/people/invitations/", facts).content.decode()
    link = page.partition('value="http')[2].partition('"')[0]
    assert "/invitation/" in link
    assert "pass this link on yourself" in page
    assert mail.outbox == []
    assert link not in client.get("/people/").content.decode()

    settings.MAIL_ON = True
    page = client.post("/people/invitations/", facts | {"email": "other@example.org"}).content.decode()
    assert mail.outbox == []
    waiting = DBTaskResult.objects.get()
    assert page.partition('value="http')[2].partition('"')[0] not in str(waiting.args_kwargs)
    run_task(waiting)
    assert mail.outbox[0].to == ["other@example.org"]
    assert "/invitation/" in mail.outbox[0].body


def test_forgotten_password_by_mail(client: Client) -> None:
    person = make_person(password=PASSWORD)
    client.post("/accounts/password/reset/", {"email": person.email})
    run_task(DBTaskResult.objects.get())
    link = next(line for line in mail.outbox[0].body.splitlines() if "/accounts/password/reset/key/" in line)
    page = client.get(link.partition("//")[2].partition("/")[2].join(["/", ""]), follow=True)
    answer = client.post(
        page.request["PATH_INFO"], {"password1": "another good phrase", "password2": "another good phrase"}
    )
    assert answer.status_code == 302
    assert sign_in(Client(), person, "another good phrase") == 302


def test_reset_page_does_not_tell_who_has_an_account(client: Client) -> None:
    make_person()
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert answer.status_code == 302
    assert mail.outbox == []


def test_administrator_makes_a_password_link(client: Client, administrator: User) -> None:
    person = make_person()
    client.force_login(administrator)
    page = client.post(f"/people/{person.pk}/password-link/").content.decode()
    path = page.partition('value="http')[2].partition('"')[0].partition("//")[2].partition("/")[2]
    visitor = Client()
    form = visitor.get(f"/{path}", follow=True)
    visitor.post(
        form.request["PATH_INFO"], {"password1": "another good phrase", "password2": "another good phrase"}
    )
    assert sign_in(visitor, person, "another good phrase") == 302


def test_password_change(client: Client) -> None:
    person = make_person(password=PASSWORD)
    client.force_login(person)
    facts = {"oldpassword": PASSWORD, "password1": "another good phrase", "password2": "another good phrase"}
    assert client.post("/accounts/password/", facts).status_code == 302
    assert sign_in(Client(), person, "another good phrase") == 302
