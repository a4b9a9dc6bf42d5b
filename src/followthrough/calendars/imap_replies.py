"""The IMAP mailbox that answers to invitations come to, and what stands in an answer (iTIP REPLY)."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from imaplib import IMAP4, IMAP4_SSL
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from icalendar.cal import Component

MAX_MAIL_BYTES = 1_000_000
MAX_MAILS_AT_ONCE = 200
"""Messages of one round; the rest follow in the next."""
_IMAP_TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Reply:
    """One person's answer to one event. `answer` is iCalendar's word, such as ACCEPTED.

    `proposed` is when they would rather have it (iTIP's COUNTER), and `comment` what they say about it.
    """

    uid: str
    mail: str
    answer: str
    sequence: int
    proposed: datetime | None = None
    comment: str = ""


def new_replies(url: str) -> Iterator[Reply]:
    """Answers in messages that nobody has read yet; each message counts as read once its answers were taken.

    `url` is imaps://user:password@host:port/folder. OSError or imaplib's errors if the mailbox cannot be read.
    """
    with _opened(url) as box:
        for number in _expect(box.uid("SEARCH", "UNSEEN"))[0].split()[:MAX_MAILS_AT_ONCE]:
            key = number.decode()
            yield from replies_in(_message(box, key))
            _expect(box.uid("STORE", key, "+FLAGS", r"(\Seen)"))


def replies_in(message: EmailMessage) -> list[Reply]:
    """The answers in a mail; only those of whoever sent it count."""
    senders = {address.lower() for _, address in getaddresses([str(message.get("From", ""))])}
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return [reply for part in parts for reply in _read(part) if reply.mail in senders]


def _read(part: EmailMessage) -> Iterator[Reply]:
    from icalendar import Calendar  # noqa: PLC0415 - only where there is a mailbox

    try:
        calendar = Calendar.from_ical(part.get_content())
        method = str(calendar.get("METHOD", "")).upper()
        if method not in {"REPLY", "COUNTER"}:
            return
        for event in calendar.walk("VEVENT"):
            attendees = event.get("ATTENDEE", [])
            for attendee in attendees if isinstance(attendees, list) else [attendees]:
                mail = str(attendee).lower().removeprefix("mailto:")
                answer = str(attendee.params.get("PARTSTAT", "")).upper()
                proposed = _proposed(event) if method == "COUNTER" else None
                comment = str(event.get("COMMENT", ""))
                yield Reply(
                    str(event.get("UID", "")),
                    mail,
                    answer,
                    int(event.get("SEQUENCE", 0)),
                    proposed,
                    comment,
                )
    except (ValueError, LookupError, AttributeError):
        return


def _proposed(event: Component) -> datetime | None:
    """The moment that the event begins; None for a day, or a time on nobody's clock."""
    start = event.decoded("DTSTART", None)
    return start if isinstance(start, datetime) and start.tzinfo else None


def check_mailbox(url: str) -> None:
    """Raises OSError or imaplib's errors if the mailbox cannot be opened."""
    with _opened(url):
        pass


@contextmanager
def _opened(url: str) -> Iterator[IMAP4]:
    parts = urlsplit(url)
    with _connection(parts.hostname or "", parts.port, secure=parts.scheme == "imaps") as box:
        box.login(unquote(parts.username or ""), unquote(parts.password or ""))
        _expect(box.select(unquote(parts.path.strip("/")) or "INBOX"))
        yield box


def _connection(host: str, port: int | None, *, secure: bool) -> IMAP4:
    context = ssl.create_default_context()  # imaplib's own checks no certificate
    if secure:
        return IMAP4_SSL(host, port or 993, ssl_context=context, timeout=_IMAP_TIMEOUT_SECONDS)
    box = IMAP4(host, port or 143, timeout=_IMAP_TIMEOUT_SECONDS)
    if "STARTTLS" in box.capabilities:
        box.starttls(context)
    return box


def _message(box: IMAP4, key: str) -> EmailMessage:
    """The mail without marking it as read; an empty one where it is too large to be an answer."""
    found = _expect(box.uid("FETCH", key, f"(BODY.PEEK[]<0.{MAX_MAIL_BYTES}>)"))
    content = next((row[1] for row in found if isinstance(row, tuple)), b"")
    return (
        message_from_bytes(content, policy=policy.default)
        if len(content) < MAX_MAIL_BYTES
        else EmailMessage()
    )


def _expect(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise OSError(f"the mailbox answered {status}")
    return data
