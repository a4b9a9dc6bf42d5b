"""Guesses of passwords are limited, and nobody is locked out by somebody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from followthrough.jobs.worker import run_task
from followthrough.people import throttling
from followthrough.people.models import KnownAddress, ThrottleWindow, User
from followthrough.people.operations import reset_path
from tests.clock import Clock
from tests.factories import make_person

pytestmark = pytest.mark.django_db
PASSWORD = "kettle on the stove"
TOO_MANY = "Too many failed login attempts"


@pytest.fixture
def owner() -> User:
    return make_person("Olga Owner", password=PASSWORD)


def sign_in(
    login: str, password: str = PASSWORD, *, address: str = "203.0.113.9", client: Client | None = None
) -> Any:
    facts = {"login": login, "password": password}
    return (client or Client()).post("/accounts/login/", facts, REMOTE_ADDR=address)


def guess(login: str, times: int, *, address: str = "198.51.100.7") -> Any:
    answer = None
    for number in range(times):
        answer = sign_in(login, f"guess number {number}", address=address)
    return answer


def test_guesses_from_one_address_lock_nobody_out_elsewhere(owner: User, clock: Clock) -> None:
    for _ in range(12):
        guess(owner.email, 6)
        clock.go(minutes=6)
    assert TOO_MANY in guess(owner.email, 6).content.decode()
    assert sign_in(owner.email, address="198.51.100.7").status_code == 200
    assert sign_in(owner.email, address="203.0.113.9").status_code == 302


def test_a_restart_forgets_no_guess(owner: User) -> None:
    guess(owner.email, 5)
    cache.clear()
    assert TOO_MANY in sign_in(owner.email, address="198.51.100.7").content.decode()


def test_an_attack_from_many_addresses_is_braked_and_known_ones_stay_in(owner: User) -> None:
    device = Client()
    assert sign_in(owner.email, address="203.0.113.1", client=device).status_code == 302
    device.post("/accounts/logout/")
    for number in range(25):
        guess(owner.email, 4, address=f"198.51.100.{number}")
    assert TOO_MANY in sign_in(owner.email, address="192.0.2.1").content.decode()
    assert sign_in(owner.email, address="203.0.113.1").status_code == 302
    assert sign_in(owner.email, address="192.0.2.1", client=device).status_code == 302


def test_who_resets_the_password_gets_in_while_others_guess(owner: User) -> None:
    for number in range(25):
        guess(owner.email, 4, address=f"198.51.100.{number}")
    assert TOO_MANY in sign_in(owner.email, address="192.0.2.1").content.decode()
    new, page = "another good phrase", Client(REMOTE_ADDR="192.0.2.1")
    form = page.get(reset_path(owner), follow=True)
    page.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert sign_in(owner.email, new, address="192.0.2.1").status_code == 302


def test_a_known_device_gets_in_from_an_address_that_guesses(owner: User) -> None:
    device = Client()
    sign_in(owner.email, client=device)
    device.post("/accounts/logout/")
    guess(owner.email, 6, address="203.0.113.9")
    assert sign_in(owner.email, address="203.0.113.9").status_code == 200
    assert sign_in(owner.email, address="203.0.113.9", client=device).status_code == 302


def test_a_known_device_guesses_no_more_than_others(owner: User) -> None:
    device = Client()
    sign_in(owner.email, client=device)
    device.post("/accounts/logout/")
    for number in range(10):
        sign_in(owner.email, f"guess number {number}", client=device)
    assert TOO_MANY in sign_in(owner.email, client=device).content.decode()


def test_a_device_is_known_for_its_own_account_alone(owner: User) -> None:
    device = Client()
    sign_in(make_person(password=PASSWORD).email, client=device)
    device.post("/accounts/logout/")
    for number in range(5):
        sign_in(owner.email, f"guess number {number}", client=device)
    assert TOO_MANY in sign_in(owner.email, client=device).content.decode()


def test_one_address_guesses_at_few_accounts(owner: User) -> None:
    for number in range(30):
        guess(f"somebody.{number}@example.org", 1)
    assert TOO_MANY in sign_in(owner.email, address="198.51.100.7").content.decode()


def test_unknown_accounts_hear_the_same(owner: User) -> None:
    pages = [
        [sign_in(login, f"guess number {number}").content.decode() for number in range(6)]
        for login in (owner.email, "nobody@example.org")
    ]
    for known, unknown in zip(*pages, strict=True):
        said = [page.partition("<form")[2].partition('name="login"')[0] for page in (known, unknown)]
        assert said[0].partition("csrf")[0] == said[1].partition("csrf")[0]
        assert (TOO_MANY in known) == (TOO_MANY in unknown)


def test_the_right_password_is_no_try(owner: User) -> None:
    for _ in range(8):
        assert sign_in(owner.email).status_code == 302


def test_headers_do_not_make_up_an_address(owner: User) -> None:
    for number in range(6):
        facts = {"login": owner.email, "password": "a guess at it"}
        answer = Client().post(
            "/accounts/login/",
            facts,
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
            REMOTE_ADDR="198.51.100.7",
        )
    assert TOO_MANY in answer.content.decode()


def test_a_household_of_ipv6_is_one_address(owner: User) -> None:
    for number in range(6):
        answer = sign_in(owner.email, "a guess at it", address=f"2001:db8:1:2::{number}")
    assert TOO_MANY in answer.content.decode()
    assert sign_in(owner.email, address="2001:db8:1:3::1").status_code == 302


def test_nothing_that_was_typed_is_kept_and_old_tries_go(owner: User, clock: Clock) -> None:
    sign_in(owner.email)
    guess(owner.email, 2)
    rows = [*ThrottleWindow.objects.values(), *KnownAddress.objects.values()]
    assert rows
    assert "198.51" not in str(rows)
    assert "olga" not in str(rows)
    clock.go(days=181)
    throttling.forget_old()
    assert not ThrottleWindow.objects.exists()
    assert not KnownAddress.objects.exists()


def _ask_for_reset(email: str, *, address: str = "203.0.113.9") -> tuple[int, str]:
    answer = Client().post("/accounts/password/reset/", {"email": email}, REMOTE_ADDR=address)
    return answer.status_code, answer.headers["Location"]


def test_asking_for_a_reset_does_the_same_for_everybody(owner: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    counts, answers = [], []
    for email, address in ((owner.email, "203.0.113.9"), ("nobody@example.org", "203.0.113.10")):
        with CaptureQueriesContext(connection) as asked:
            answers.append(_ask_for_reset(email, address=address))
        counts.append(len(asked))
    assert answers[0] == answers[1] == (302, "/accounts/password/reset/sent/")
    assert counts[0] == counts[1]


def test_the_token_is_made_when_the_mail_is_sent(owner: User) -> None:
    _ask_for_reset(owner.email.upper())
    task = DBTaskResult.objects.get()
    assert mail.outbox == []
    assert "reset/key" not in str(task.args_kwargs)
    run_task(task)
    assert "/accounts/password/reset/key/" in str(mail.outbox[0].body)


def test_wishes_for_a_reset_are_limited_without_a_word(owner: User) -> None:
    answers = {_ask_for_reset(owner.email) for _ in range(6)}
    assert len(answers) == 1
    assert DBTaskResult.objects.count() == 3
