"""A real mail server for tests that follow what people are sent, and the worker's round that sends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from followthrough.jobs.worker import Worker
from followthrough.notifications.operations.outbox import send_waiting
from tests.notifications.smtp_server import SmtpServer, open_smtp_server


class Mailbox:
    """What people are sent."""

    def __init__(self, smtp_server: SmtpServer) -> None:
        self.smtp_server = smtp_server

    def sent_to(self, person: Any) -> list[EmailMessage]:
        """Carries out and sends what waits; the mails to this person, in order."""
        stop = threading.Event()
        worker = Worker([], stop)
        while worker.take_task() or send_waiting("test", stop):
            pass
        return [mail for mail in self.smtp_server.mailbox if person.email in mail["To"]]


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with open_smtp_server() as (smtp_server, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield Mailbox(smtp_server)
