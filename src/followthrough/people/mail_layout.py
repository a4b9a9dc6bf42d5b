"""A mail as people get it: the same words as plain text and as HTML, with headers that name no machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formataddr, make_msgid

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from followthrough.core.headers import header_line
from followthrough.drawing.palette import TEMPLATE_COLOURS
from followthrough.people.models import User


@dataclass(frozen=True)
class Mail:
    """One mail. `facts` are (label, words), `ways` (label, whole address); `opens` says what `url` leads to, `footer` why it
    was sent, `stop` ends mail of its kind; replies go to `reply_to`."""

    name: str
    address: str
    subject: str
    footer: str
    greeting: str = ""
    body: str = ""
    facts: Sequence[tuple[str, str]] = ()
    url: str = ""
    opens: str = "Open it in Followthrough"
    ways: Sequence[tuple[str, str]] = ()
    stop: str = ""
    reply_to: User | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def compose(mail: Mail, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The mail, ready to be sent. Without a Message-ID among its headers it gets one."""
    subject = header_line(mail.subject)
    facts = {"mail": mail, "subject": subject, "colours": TEMPLATE_COLOURS}
    composed = EmailMultiAlternatives(
        subject,
        render_to_string("people/mail.txt", facts),
        to=[_named(mail.name, mail.address)],
        reply_to=_reply_to(mail),
        headers={
            "Message-ID": make_msgid(domain=settings.MAIL_HOST),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            **mail.headers,
        },
        connection=connection,
    )
    composed.attach_alternative(render_to_string("people/mail.html", facts), "text/html")
    return composed


def _reply_to(mail: Mail) -> list[str]:
    person = mail.reply_to
    if person is None or not person.is_active or person.email == mail.address:
        return []
    return [_named(person.name, person.email)]


def _named(name: str, address: str) -> str:
    return formataddr((header_line(name), address)) if name else address
