"""People are told each thing once, in the inbox and by mail, as they prefer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from followthrough.notifications import operations, queries
from followthrough.notifications.message_kinds import KINDS
from followthrough.notifications.models import Message
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def notify(person: Any, key: str = "summary:148") -> Message | None:
    return operations.notify(
        person,
        kind="summary",
        key=key,
        subject="The summary of INC-148 is due",
        body="By 18:00.",
        path="/incidents/INC-148/",
        references=[],
    )


def test_the_same_thing_is_told_once() -> None:
    person = make_person()
    assert notify(person) is not None
    assert notify(person) is None
    assert queries.unread_count(person) == 1


def test_many_things_are_told_in_a_few_queries(django_assert_max_num_queries: Any) -> None:
    people = [make_person() for _ in range(30)]
    tellings = [
        operations.Notification(person, "summary", f"k{n}", "Hello", references=[])
        for person in people
        for n in (1, 2)
    ]
    with django_assert_max_num_queries(6):
        operations.notify_all(tellings)
    operations.notify_all(tellings)
    assert Message.objects.count() == 60


def test_line_breaks_in_a_title_do_not_reach_the_subject() -> None:
    message = operations.notify(
        make_person(), kind="summary", key="1", subject="Broke\r\nBcc: all@example.org", references=[]
    )
    assert message is not None
    assert message.subject == "Broke Bcc: all@example.org"


def test_everyone_chooses_what_comes_by_mail(client: Client, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    person = make_person()
    client.force_login(person)
    assert client.get("/inbox/preferences/").content.count(b" checked") == len(KINDS)
    waiting = notify(person, "before")
    client.post("/inbox/preferences/", {"mail": [kind.name for kind in KINDS if kind.name != "summary"]})
    assert waiting is not None
    waiting.refresh_from_db()
    quiet = notify(person, "after")
    assert quiet is not None
    assert (waiting.mail_after, quiet.mail_after) == (None, None)
    assert queries.unread_count(person) == 2
    assert client.get("/inbox/preferences/").content.count(b" checked") == len(KINDS) - 1


def test_the_lines_of_a_message_stay_apart_in_the_inbox(client: Client) -> None:
    person = make_person("Kim")
    client.force_login(person)
    body = "Checkout was down\n\nThe page proposes times."
    operations.notify(person, kind="summary", key="one", subject="A subject", body=body, references=())
    page = client.get("/inbox/").content.decode()
    assert "<span>Checkout was down</span><span>The page proposes times.</span>" in page


def test_inbox_shows_only_ones_own_and_opening_marks_it_read(client: Client) -> None:
    person, other = make_person(), make_person()
    mine, theirs = notify(person), notify(other, "other")
    assert mine is not None
    assert theirs is not None
    client.force_login(person)
    page = client.get("/inbox/")
    assert page.status_code == 200
    assert page.content.decode().count("inbox-message") == 1
    assert client.post(f"/inbox/{theirs.pk}/reading/").status_code == 404
    answer = client.post(f"/inbox/{mine.pk}/reading/")
    assert answer.headers["Location"] == "/incidents/INC-148/"
    assert queries.unread_count(person) == 0
    assert queries.unread_count(other) == 1
