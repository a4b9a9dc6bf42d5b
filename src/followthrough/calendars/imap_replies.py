"""The IMAP mailbox that answers to invitations come to, and what stands in an answer (iTIP REPLY)."""

from __future__ import annotations

import re
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
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
_LONGEST_TEXT = 500
_CALENDAR_TYPES = frozenset({"text/calendar", "application/ics", "application/calendar"})


@dataclass(frozen=True)
class Reply:
    """One person's answer to one event. `answer` is iCalendar's word, such as ACCEPTED; None stands for what it leaves out.

    `mail` is whose answer it says it is, `sender` who sent it. `starts_at` is when the event that it answers begins,
    `proposed` when they would rather have it (iTIP's COUNTER), and `comment` what they say about it.
    """

    uid: str
    mail: str
    sender: str
    answer: str
    sequence: int | None = None
    stamped_at: datetime | None = None
    starts_at: datetime | None = None
    proposed: datetime | None = None
    comment: str = ""


@dataclass(frozen=True)
class Letter:
    """A mail that a person wrote in place of an answer that programs read. `answers` are the Message-IDs it replies to."""

    sender: str
    subject: str
    text: str
    answers: tuple[str, ...]


def new_replies(url: str) -> Iterator[Reply | Letter]:
    """Answers in messages that nobody has read yet; each message counts as read once its answers were taken.

    `url` is imaps://user:password@host:port/folder. OSError or imaplib's errors if the mailbox cannot be read.
    """
    with _opened(url) as box:
        for number in _expect(box.uid("SEARCH", "UNSEEN"))[0].split()[:MAX_MAILS_AT_ONCE]:
            key = number.decode()
            yield from answers_in(_message(box, key))
            _expect(box.uid("STORE", key, "+FLAGS", r"(\Seen)"))


def answers_in(message: EmailMessage) -> list[Reply | Letter]:
    """The answers in a mail, each once however often it is attached; where there is none, what a person wrote."""
    sender = next((mail.lower() for _, mail in getaddresses([str(message.get("From", ""))])), "")
    parts = [part for part in message.walk() if _is_calendar(part)]
    replies = dict.fromkeys(reply for part in parts for reply in _read(part, sender))
    if replies:
        return list(replies)
    return [] if _is_automatic(message) else [_letter(message, sender)]


def _is_calendar(part: EmailMessage) -> bool:
    return part.get_content_type() in _CALENDAR_TYPES or (part.get_filename() or "").lower().endswith(".ics")


def _is_automatic(message: EmailMessage) -> bool:
    """Out of office, delivery reports and lists (RFC 3834)."""
    said = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    bulk = str(message.get("Precedence", "")).lower() in {"bulk", "list", "junk", "auto_reply"}
    return said != "no" or bulk or "List-Id" in message or message.get_content_type() == "multipart/report"


def _letter(message: EmailMessage, sender: str) -> Letter:
    body = message.get_body(("plain",))
    text = _decoded(body) if body else ""
    own = "\n".join(line for line in text.splitlines() if not line.startswith(">")).strip()
    headers = f"{message.get('In-Reply-To', '')} {message.get('References', '')}"
    subject = " ".join(str(message.get("Subject", "")).split())
    return Letter(sender, subject, own[:_LONGEST_TEXT], tuple(re.findall(r"<[^<>\s]+>", headers)))


def _decoded(part: Message) -> str:
    """The text in the encoding it names, else in UTF-8 or, where it is none, in that of Western Europe."""
    content = part.get_payload(decode=True)
    content = content if isinstance(content, bytes) else b""
    named = str(part.get_content_charset("utf-8"))
    for encoding in ("utf-8-sig", named, "cp1252"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("latin-1")


def _read(part: EmailMessage, sender: str) -> Iterator[Reply]:
    from icalendar import Calendar  # noqa: PLC0415 - only where there is a mailbox

    try:
        calendar = Calendar.from_ical(_decoded(part).lstrip("\ufeff \t\r\n"))
        method = str(calendar.get("METHOD", "")).upper()
        if method not in {"REPLY", "COUNTER"}:
            return
        for event in calendar.walk("VEVENT"):
            for attendee in _all(event, "ATTENDEE"):
                yield _reply(event, attendee, sender, counters=method == "COUNTER")
    except (ValueError, LookupError, AttributeError, TypeError):
        return


def _reply(event: Component, attendee: Any, sender: str, *, counters: bool) -> Reply:
    starts_at = _moment(event, "DTSTART")
    numbers = [int(number) for number in _all(event, "SEQUENCE")]
    return Reply(
        uid=str(event.get("UID", "")),
        mail=_address(attendee),
        sender=sender,
        answer=str(attendee.params.get("PARTSTAT", "")).upper(),
        sequence=max(numbers, default=None),
        stamped_at=_moment(event, "DTSTAMP"),
        starts_at=None if counters else starts_at,
        proposed=starts_at if counters else None,
        comment="\n".join(str(words) for words in _all(event, "COMMENT")),
    )


def _all(event: Component, name: str) -> list[Any]:
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]


def _address(attendee: Any) -> str:
    """The mail address; where the attendee is named otherwise, the one that stands beside it."""
    said = str(attendee).lower()
    if said.startswith("mailto:"):
        return said.removeprefix("mailto:").strip()
    return str(attendee.params.get("EMAIL", said)).lower().removeprefix("mailto:").strip()


def _moment(event: Component, name: str) -> datetime | None:
    """None for a day, or a time on nobody's clock."""
    found = event.get(name)
    moment: date | None = getattr(found, "dt", None)
    return moment.astimezone(UTC) if isinstance(moment, datetime) and moment.tzinfo else None


def check_mailbox(url: str) -> None:
    """Raises OSError or imaplib's errors if the mailbox cannot be opened."""
    with _opened(url):
        pass


@contextmanager
def _opened(url: str) -> Iterator[IMAP4]:
    parts = urlsplit(url)
    with _connection(parts.hostname or "", parts.port, secure=parts.scheme == "imaps") as box:
        _log_in(box, unquote(parts.username or ""), unquote(parts.password or ""))
        _select(box, unquote(parts.path.strip("/")) or "INBOX")
        yield box


def _log_in(box: IMAP4, name: str, password: str) -> None:
    if (name + password).isascii():
        box.login(name, password)
    else:
        box.authenticate("PLAIN", lambda _: f"\0{name}\0{password}".encode())


def _select(box: IMAP4, folder: str) -> None:
    status, answer = box.select(f'"{mailbox_name(folder)}"')
    if status != "OK":
        said = (answer[0] or b"").decode("utf-8", "replace")
        raise OSError(f"its folder “{folder}” could not be opened ({said})")


def mailbox_name(name: str) -> str:
    """The folder's name as IMAP writes it between quotes (RFC 3501, section 5.1.3)."""
    escaped = name.replace("&", "&-").replace("\\", "\\\\").replace('"', '\\"')
    return re.sub(r"[^\x20-\x7e]+", lambda match: f"&{_base64(match[0])}-", escaped)


def _base64(text: str) -> str:
    return b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")


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
