"""Sessions, API tokens, feeds and links end when they should, and stay ended."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from followthrough.activity.models import Activity
from followthrough.calendars.operations import renew_feed
from followthrough.jobs.worker import run_task
from followthrough.notifications.models import Message
from followthrough.people import operations, queries
from followthrough.people.models import Invitation, User
from tests.clock import Clock
from tests.factories import make_person, signed_in

pytestmark = pytest.mark.django_db
OLD, NEW = "kettle on the stove", "another good phrase"


@pytest.fixture(autouse=True)
def no_earlier_tries() -> None:
    """allauth counts changes of a password in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def administrator() -> User:
    return make_person("Ada Admin", role="administrator")


def _is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def test_who_was_deactivated_has_nothing_left_when_activated_again(administrator: User) -> None:
    person = make_person(password=OLD)
    client, feed = signed_in(person), renew_feed(person, by=person)
    _, token = operations.create_token(person, name="script", by=person)
    link = operations.make_password_link(person, by=administrator)
    assert _is_in(client)
    assert Client().get(f"/feeds/{feed}.ics").status_code == 200
    operations.deactivate(person, by=administrator)
    operations.reactivate(person, by=administrator)
    assert not _is_in(client)
    assert Client().get(f"/feeds/{feed}.ics").status_code == 404
    assert queries.person_of_token(token) is None
    assert "password1" not in Client().get(link, follow=True).content.decode()
    assert Client().post("/accounts/login/", {"login": person.email, "password": OLD}).status_code == 302


def test_who_was_deactivated_before_this_version_has_nothing_left_either(administrator: User) -> None:
    person = make_person()
    client, feed = signed_in(person), renew_feed(person, by=person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    person.refresh_from_db()
    operations.reactivate(person, by=administrator)
    assert not _is_in(client)
    assert Client().get(f"/feeds/{feed}.ics").status_code == 404


def test_invitations_of_who_is_deactivated_are_withdrawn(administrator: User) -> None:
    other = make_person(role="administrator")
    operations.invite(email="own@example.org", role="administrator", team=None, by=other)
    operations.deactivate(other, by=administrator)
    assert Invitation.objects.get().withdrawn_at


def test_invitations_of_who_is_no_administrator_any_more_are_withdrawn(administrator: User) -> None:
    other = make_person(role="administrator")
    operations.invite(email="own@example.org", role="administrator", team=None, by=other)
    operations.change_role(other, role="member", by=administrator)
    assert Invitation.objects.get().withdrawn_at


@pytest.mark.parametrize(
    "end",
    [
        lambda person, by: operations.deactivate(person, by=by),
        lambda person, by: operations.change_role(person, role="member", by=by),
    ],
)
def test_password_links_end_with_their_makers_right_to_make_them(
    administrator: User, end: Callable[[User, User], None]
) -> None:
    other, nia, bystander = make_person(role="administrator"), make_person("Nia"), make_person("By")
    link = operations.make_password_link(nia, by=other)
    standing = operations.make_password_link(bystander, by=administrator)
    end(other, administrator)
    assert "password1" not in Client().get(link, follow=True).content.decode()
    assert "password1" in Client().get(standing, follow=True).content.decode()


def _change_password(client: Client, **more: str) -> int:
    facts = {"oldpassword": OLD, "password1": NEW, "password2": NEW, **more}
    return client.post("/accounts/password/", facts).status_code


def test_a_new_password_ends_other_sessions_and_keeps_programs() -> None:
    person = make_person(password=OLD)
    here, elsewhere = signed_in(person), signed_in(person)
    _, token = operations.create_token(person, name="script", by=person)
    assert _change_password(here) == 302
    assert _is_in(here)
    assert not _is_in(elsewhere)
    assert queries.person_of_token(token) == person


def test_a_new_password_ends_programs_where_that_is_wished() -> None:
    person = make_person(password=OLD)
    _, token = operations.create_token(person, name="script", by=person)
    feed = renew_feed(person, by=person)
    assert _change_password(signed_in(person), end_keys="on") == 302
    assert queries.person_of_token(token) is None
    assert Client().get(f"/feeds/{feed}.ics").status_code == 404


def test_a_reset_ends_sessions_and_programs(administrator: User) -> None:
    person = make_person(password=OLD)
    elsewhere = signed_in(person)
    _, token = operations.create_token(person, name="script", by=person)
    page = Client()
    form = page.get(operations.make_password_link(person, by=administrator), follow=True)
    page.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert not _is_in(elsewhere)
    assert queries.person_of_token(token) is None


@pytest.mark.parametrize("way", ["change", "reset"])
def test_a_new_password_is_told_by_mail_that_nobody_can_turn_off(settings: Settings, way: str) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    person = make_person(password=OLD)
    if way == "change":
        _change_password(signed_in(person))
    else:
        operations.reset_password(person, password=NEW)
    told = Message.objects.get(person=person)
    assert told.kind == "account"
    assert told.mail_after
    assert "password was" in told.body


@pytest.mark.parametrize("password", ["elevenchars", "short", ""])
def test_passwords_have_twelve_characters(password: str) -> None:
    person = make_person(password=OLD)
    facts = {"oldpassword": OLD, "password1": password, "password2": password}
    assert signed_in(person).post("/accounts/password/", facts).status_code == 200
    person.refresh_from_db()
    assert person.check_password(OLD)


def test_a_session_ends_when_nothing_is_heard_of_it(clock: Clock) -> None:
    client = signed_in(make_person())
    for _ in range(3):
        clock.go(hours=71)
        assert _is_in(client)
    clock.go(hours=73)
    assert not _is_in(client)


def test_a_session_ends_after_two_weeks_whatever_happens(clock: Clock) -> None:
    client = signed_in(make_person())
    for _ in range(13):
        clock.go(days=1)
        assert _is_in(client)
    clock.go(days=1, minutes=1)
    assert not _is_in(client)


def test_signing_in_again_begins_anew(clock: Clock) -> None:
    person = make_person(password=OLD)
    for _ in range(4):
        client = Client()
        client.post("/accounts/login/", {"login": person.email, "password": OLD})
        clock.go(hours=70)
        assert _is_in(client)


def test_rooms_hear_of_it_when_somebody_signs_out() -> None:
    person = make_person()
    client = signed_in(person)
    client.post("/accounts/logout/")
    row = Activity.objects.get(verb="signed_out")
    assert (row.topic, row.actor) == ("organisation", person)


def test_a_token_expires(clock: Clock) -> None:
    person = make_person()
    client = signed_in(person)
    page = client.post("/profile/tokens/", {"name": "deploy", "days": "30"}).content.decode()
    secret = page.partition('id="secret" value="')[2].partition('"')[0]
    assert "works until 23 Dec 2026" in page
    clock.go(days=29)
    assert queries.person_of_token(secret) == person
    clock.go(days=2)
    assert queries.person_of_token(secret) is None
    assert "deploy" not in signed_in(person).get("/profile/").content.decode()


@pytest.mark.parametrize("host", ["localhost:6666", "127.0.0.1:6666", "[::1]:99", "localhost"])
def test_a_reset_mail_leads_to_the_base_url(settings: Settings, host: str) -> None:
    person = make_person(password=OLD)
    settings.BASE_URL = "https://post.example.org"
    Client().post("/accounts/password/reset/", {"email": person.email}, headers={"Host": host})
    _let_the_worker_work()
    addresses = re.findall(r"https?://\S+", str(mail.outbox[0].body))
    assert addresses
    assert all(address.startswith("https://post.example.org/accounts/") for address in addresses)


def _let_the_worker_work() -> None:
    for row in DBTaskResult.objects.ready():
        run_task(row)
