"""People are told each thing once, in the inbox and by mail."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email.message import Message as Mail
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from django.test import Client
from django_tasks_db.models import DBTaskResult

from followthrough.notifications import operations, queries
from followthrough.notifications.models import Message
from followthrough.notifications.tasks import deliver
from tests.factories import make_person

pytestmark = pytest.mark.django_db


class Letters(MessageHandler):
    """Keeps what a real SMTP server was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Mail] = []

    def handle_message(self, message: Mail) -> None:
        self.received.append(message)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def letters(settings: Any) -> Iterator[list[Mail]]:
    handler = Letters()
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield handler.received
    controller.stop()


def tell(person: Any, key: str = "summary:148") -> Message | None:
    return operations.tell(
        person,
        kind="summary",
        key=key,
        subject="The summary of INC-148 is due",
        body="By 18:00.",
        path="/incidents/INC-148/",
    )


def test_the_same_thing_is_told_once() -> None:
    person = make_person()
    assert tell(person) is not None
    assert tell(person) is None
    assert queries.unread_count(person) == 1
    assert DBTaskResult.objects.count() == 1


def test_mail_reaches_a_real_server_once(letters: list[Mail]) -> None:
    message = tell(make_person("Ada Okafor"))
    assert message is not None
    assert deliver.call(message.pk) == "sent"
    assert deliver.call(message.pk) == "nothing to send"
    (mail,) = letters
    assert mail["Subject"] == "The summary of INC-148 is due"
    assert "Ada Okafor" in mail["To"]
    plain, html = mail.get_payload()
    assert "http://127.0.0.1:8000/incidents/INC-148/" in plain.get_payload(decode=True).decode()
    assert "By 18:00." in html.get_payload(decode=True).decode()


def test_failed_mail_stays_visible_and_may_be_repeated(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    message = tell(make_person())
    assert message is not None
    with pytest.raises(OSError, match="refused"):
        deliver.call(message.pk)
    message.refresh_from_db()
    assert message.mail_error
    assert message.mailed_at is None


def test_inbox_shows_only_ones_own_and_opening_marks_it_read(client: Client) -> None:
    person, other = make_person(), make_person()
    mine, theirs = tell(person), tell(other, "other")
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


def test_a_calendar_goes_with_the_mail_as_alternative_and_as_file(letters: list[Mail]) -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Überblick\r\nEND:VCALENDAR\r\n"
    message = operations.tell(
        make_person(),
        kind="meeting",
        key="meeting:1:0",
        subject="INC-148: the post-mortem is on Thu 26 Nov",
        links=[("I will come", "/answers/abc/")],
        calendar=calendar,
    )
    assert message is not None
    deliver.call(message.pk)
    (mail,) = letters
    alternatives, attached = mail.get_payload()
    plain, _, part = alternatives.get_payload()
    assert "I will come: http://127.0.0.1:8000/answers/abc/" in plain.get_payload(decode=True).decode()
    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", "REQUEST")
    assert part.get_payload(decode=True).decode() == calendar
    assert (attached.get_filename(), attached.get_content_type()) == ("invite.ics", "application/ics")
    assert attached.get_payload(decode=True).decode() == calendar
