"""Mail leaves once, is tried again with growing pauses, and is given up where administrators see it."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from followthrough.notifications import operations
from followthrough.notifications.models import Message
from followthrough.notifications.operations import outbox
from followthrough.people.models import User
from tests.factories import make_incident, make_person
from tests.notifications.smtp_server import SmtpServer

pytestmark = pytest.mark.django_db

WORKER = "elsewhere:1:abcd"


@pytest.fixture(autouse=True)
def _incident(db: None) -> None:
    make_incident(pk=148)


def notify(person: User, key: str = "1", **more: Any) -> Message:
    facts = {
        "kind": "summary",
        "subject": "The summary of INC-148 is due — today",
        "body": "By 18:00.",
        "path": "/incidents/INC-148/",
        "references": [("incident", 148)],
    }
    message = operations.notify(person, key=key, **{**facts, **more})
    assert message is not None
    return message


def send(worker: str = WORKER) -> int:
    return outbox.send_waiting(worker, threading.Event())


def test_mail_reaches_a_real_server_once(smtp_server: SmtpServer) -> None:
    notify(make_person("Okafor, Ada", email="ada@example.org"))
    assert send() == 1
    assert send() == 0
    (mail,) = smtp_server.mailbox
    assert mail["Subject"] == "The summary of INC-148 is due — today"
    assert mail["To"].addresses[0].display_name == "Okafor, Ada"
    plain, html = mail.iter_parts()
    assert "http://127.0.0.1:8000/incidents/INC-148/" in plain.get_content()
    assert "By 18:00." in html.get_content()


def test_many_mails_go_over_one_connection_in_order(smtp_server: SmtpServer) -> None:
    person = make_person()
    for number in range(12):
        notify(person, str(number), subject=f"Number {number}")
    assert send() == 12
    assert [mail["Subject"] for mail in smtp_server.mailbox] == [f"Number {number}" for number in range(12)]
    assert smtp_server.connections == 1


def test_mail_passes_the_basics_of_a_linter(smtp_server: SmtpServer) -> None:
    notify(
        make_person("Ädel Wörm", email="adel@example.org"),
        body="A very long line. " * 200,
        subject="Ünïcode " * 20,
    )
    send()
    (mail,), (raw,) = smtp_server.mailbox, smtp_server.raw
    for name in (
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "MIME-Version",
        "List-Id",
        "List-Unsubscribe",
    ):
        assert len(mail.get_all(name)) == 1, name
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", mail["Message-ID"])
    assert abs(parsedate_to_datetime(mail["Date"]).replace(tzinfo=UTC) - timezone.now()) < timedelta(
        minutes=1
    )
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "color-scheme" in html
    assert "<script" not in html
    assert "<img" not in html


def test_a_calendar_goes_with_the_mail_as_alternative_and_as_file(smtp_server: SmtpServer) -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Überblick\r\nEND:VCALENDAR\r\n"
    notify(make_person(), links=[("I will come", "/answers/abc/")], calendar=calendar)
    send()
    alternatives, attached = smtp_server.mailbox[0].iter_parts()
    plain, _, part = alternatives.iter_parts()
    assert "I will come: http://127.0.0.1:8000/answers/abc/" in plain.get_content()
    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", "REQUEST")
    assert part.get_payload(decode=True).decode() == calendar
    assert (attached.get_filename(), attached.get_content_type()) == ("invite.ics", "application/ics")
    assert attached.get_payload(decode=True).decode() == calendar


def test_a_server_that_does_not_answer_is_tried_again_with_growing_pauses(
    settings: Any, free_port: int
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port
    message = notify(make_person())
    pauses = []
    for _ in range(6):
        Message.objects.exclude(mail_after=None).update(mail_after=timezone.now())
        send()
        message.refresh_from_db()
        pauses.append(
            message.mail_after and round((message.mail_after - timezone.now()) / timedelta(minutes=1))
        )
    assert pauses == [1, 10, 60, 240, 720, None]
    assert message.mail_failed_at
    assert "refused" in message.mail_error


def test_a_refused_address_does_not_hold_up_the_others_and_can_be_sent_again(smtp_server: SmtpServer) -> None:
    wrong, right, full = make_person(), make_person(), make_person()
    smtp_server.refusals = {wrong.email: "550 No such mailbox", full.email: "452 Mailbox full"}
    lost, _, later = notify(wrong), notify(right), notify(full)
    send()
    assert [mail["To"].addresses[0].addr_spec for mail in smtp_server.mailbox] == [right.email]
    lost.refresh_from_db()
    later.refresh_from_db()
    assert lost.mail_failed_at
    assert "No such mailbox" in lost.mail_error
    assert later.mail_after
    assert later.mail_failed_at is None
    smtp_server.refusals.clear()
    assert operations.resend(Message.objects.all()) == 1
    send()
    lost.refresh_from_db()
    assert lost.mailed_at
    assert lost.mail_error == ""


def test_what_a_killed_worker_had_claimed_is_sent_by_another_once(smtp_server: SmtpServer) -> None:
    message = notify(make_person())
    assert outbox._claim("elsewhere:9:gone") == [message]
    assert send() == 0
    assert outbox.reclaim_orphaned_mail() == 1
    assert send() == 1
    assert len(smtp_server.mailbox) == 1


def test_a_database_that_is_busy_right_after_sending_makes_nothing_leave_twice(
    smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, note, busy = notify(make_person()), outbox._note, [True, True, False]

    def note_later(*what: Any, **values: Any) -> None:
        if busy.pop(0):
            raise OperationalError("database is locked")
        note(*what, **values)

    monkeypatch.setattr(outbox, "_note", note_later)
    monkeypatch.setattr(outbox, "_SHUTDOWN_SECONDS", (0, 0, 0))
    assert send() == 1
    message.refresh_from_db()
    assert message.mailed_at
    assert send() == 0
    assert len(smtp_server.mailbox) == 1


def test_two_workers_never_claim_the_same_mail() -> None:
    person = make_person()
    Message.objects.bulk_create(
        Message(person=person, kind="summary", key=str(number), subject="x", mail_after=timezone.now())
        for number in range(80)
    )
    first, second = outbox._claim("one:1:a"), outbox._claim("two:2:b")
    assert (len(first), len(second)) == (50, 30)
    assert not {row.pk for row in first} & {row.pk for row in second}


def test_a_stopping_worker_lets_go_of_what_it_has_not_sent(smtp_server: SmtpServer) -> None:
    notify(make_person())
    stop = threading.Event()
    stop.set()
    assert outbox.send_waiting(WORKER, stop) == 0
    assert smtp_server.mailbox == []
    assert send() == 1


def test_nobody_who_left_gets_mail(smtp_server: SmtpServer) -> None:
    person = make_person()
    message = notify(person)
    User.objects.update(is_active=False)
    send()
    message.refresh_from_db()
    assert smtp_server.mailbox == []
    assert message.mail_after is None


def test_a_reminder_waits_for_working_hours_but_not_in_the_inbox(settings: Any, monkeypatch: Any) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    saturday = datetime(2026, 11, 28, 22, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: saturday)
    person = make_person(zone="Asia/Tokyo")
    held, at_once = notify(person, "1", wait_for_working_hours=True), notify(person, "2")
    assert held.mail_after == datetime(2026, 11, 30, 0, tzinfo=UTC)
    assert at_once.mail_after == saturday


def test_mail_about_what_is_done_is_kept_from_leaving(smtp_server: SmtpServer) -> None:
    person = make_person()
    notify(person, "1", about="action:31")
    notify(person, "2", about="action:32")
    assert operations.withdraw_mail(["action:31"]) == 1
    assert send() == 1


def test_one_click_and_the_page_both_stop_the_mail_of_one_kind(
    client: Client, smtp_server: SmtpServer
) -> None:
    person = make_person()
    notify(person)
    send()
    address = smtp_server.mailbox[0]["List-Unsubscribe"].strip(" <>").removeprefix("http://127.0.0.1:8000")
    strict = Client(enforce_csrf_checks=True)
    assert b"No more mail about summaries due?" in strict.get(address).content
    assert notify(person, "2").mail_after
    assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert notify(person, "3").mail_after is None
    assert notify(person, "4", kind="meeting").mail_after
    strict.post(address, {"again": "1"})
    assert notify(person, "5").mail_after
    assert client.get("/unsubscribe/forged/").status_code == 404
