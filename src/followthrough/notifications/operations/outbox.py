"""Transactional outbox for mail: claimed, sent over one connection, retried with backoff, given up in the open."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import OperationalError
from django.db import connection as database
from django.utils import timezone

from followthrough.jobs.work_claims import Backoff, claim, reclaim
from followthrough.notifications.mail import mail_of
from followthrough.notifications.models import Message
from followthrough.notifications.queries import visibility

log = logging.getLogger(__name__)

BATCH_MAILS = 50
RETRY_BACKOFF = Backoff(
    [
        timedelta(minutes=1),
        timedelta(minutes=10),
        timedelta(hours=1),
        timedelta(hours=4),
        timedelta(hours=12),
    ]
)
"""How long a mail waits after each failure; after the last one more try, then it is shown to administrators."""
_PERMANENT_STATUS = 500
_SHUTDOWN_SECONDS = (1, 2, 4, 8, 16)
"""Seconds between tries to note what became of a mail."""
Note = dict[str, datetime | str | int | None]
_KEPT_BACK: Note = {
    "mail_after": None,
    "mail_error": "Kept back: they may no longer see what it tells of.",
}


def send_waiting(worker: str, stop: threading.Event) -> int:
    """Sends up to BATCH mails whose time has come over one connection; returns how many were tried.

    Each is noted as sent before the next begins, so that a crash repeats at most the one in hand, and that with the
    same Message-ID.
    """
    if not settings.EMAIL_HOST:
        return 0
    claimed = _claim(worker)
    if not claimed:
        return 0
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        log.warning("The mail server does not answer: %s", error)
        for message in claimed:
            _put_off(message, error)
        return 0
    try:
        return _send_all(claimed, connection, stop)
    finally:
        Message.objects.filter(mail_worker=worker).update(mail_worker="")
        connection.close()


def _claim(worker: str) -> list[Message]:
    waiting = Message.objects.filter(mail_worker="", mail_after__lte=timezone.now())
    keys = list(waiting.order_by("mail_after", "pk").values_list("pk", flat=True)[:BATCH_MAILS])
    if not keys or not claim(waiting.filter(pk__in=keys), mail_worker=worker):
        return []
    claimed = Message.objects.filter(mail_worker=worker).select_related("person", "author")
    return list(claimed.order_by("mail_after", "pk"))


def _send_all(claimed: list[Message], connection: BaseEmailBackend, stop: threading.Event) -> int:
    kept_back = visibility.hidden_messages(claimed)
    for number, message in enumerate(claimed):
        if stop.is_set():
            return number
        try:
            became = _KEPT_BACK if message.pk in kept_back else _send(message, connection)
        except Exception as error:
            log.exception("The mail %s to the person %s was not sent.", message.pk, message.person_id)
            _put_off(message, error)
        else:
            _note_surely(message, became)
    return len(claimed)


def _send(message: Message, connection: BaseEmailBackend) -> Note:
    """Sends the mail unless its person has left; what is to be noted of it."""
    if not message.person.is_active:
        return {"mail_after": None}
    mail = mail_of(message, connection)
    try:
        mail.send()
    except SMTPServerDisconnected:
        connection.close()
        connection.open()
        mail.send()
    return {"mail_after": None, "mailed_at": timezone.now(), "mail_error": ""}


def _note_surely(message: Message, became: Note) -> None:
    """What has left must not leave again: a database that is busy is asked until it takes the note."""
    for pause in _SHUTDOWN_SECONDS:
        try:
            _note(message, **became)
        except OperationalError as error:
            log.warning("What became of the mail %s is noted in %s seconds: %s", message.pk, pause, error)
            time.sleep(pause)
            database.close_if_unusable_or_obsolete()
        else:
            return
    _note(message, **became)


def _put_off(message: Message, error: Exception) -> None:
    """Tries again after the next pause; what the server refuses for good, or too often, is given up."""
    tried, now = message.mail_attempts, timezone.now()
    pause = None if _is_refusal(error) else RETRY_BACKOFF.unless_given_up(tried + 1)
    _note(
        message,
        mail_attempts=tried + 1,
        mail_error=_in_words(error),
        mail_after=None if pause is None else now + pause,
        mail_failed_at=now if pause is None else None,
    )


def _note(message: Message, **values: datetime | str | int | None) -> None:
    Message.objects.filter(pk=message.pk).update(mail_worker="", **values)


def _is_refusal(error: Exception) -> bool:
    """Whether trying again would be refused again: a 5xx answer, or a mail that cannot be written."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= _PERMANENT_STATUS for code, _ in error.recipients.values())
    if isinstance(error, SMTPResponseException):
        return error.smtp_code >= _PERMANENT_STATUS
    return isinstance(error, ValueError)


def _in_words(error: Exception) -> str:
    if isinstance(error, SMTPRecipientsRefused):
        return "; ".join(f"{code} {text!r}" for code, text in error.recipients.values())[:300]
    return (str(error) or type(error).__name__)[:300]


def reclaim_orphaned_mail() -> int:
    """Lets other workers send what one that is gone had claimed; returns how many mails."""
    return reclaim(Message.objects.all(), "mail_worker")
