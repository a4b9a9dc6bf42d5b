"""A message as mail: plain text, HTML and, where there is one, a calendar part."""

from __future__ import annotations

import re
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from followthrough.core.headers import header_line
from followthrough.drawing.palette import TEMPLATE_COLOURS
from followthrough.notifications import unsubscribe_links
from followthrough.notifications.message_kinds import ALWAYS, LABELS
from followthrough.notifications.models import Message


def mail_of(message: Message, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The mail. Its Message-ID is the message's own, so that a repeated one is known as the same."""
    stop = "" if message.kind in ALWAYS else unsubscribe_links.address_of(message.person, message.kind)
    facts = {
        "message": message,
        "url": settings.BASE_URL + message.path if message.path else "",
        "links": [(label, settings.BASE_URL + path) for label, path in message.links],
        "stop": stop,
        "colours": TEMPLATE_COLOURS,
    }
    mail = EmailMultiAlternatives(
        header_line(message.subject),
        render_to_string("notifications/mail.txt", facts),
        to=[formataddr((header_line(message.person.name), message.person.email))],
        headers=_headers(message, stop),
        connection=connection,
    )
    mail.attach_alternative(render_to_string("notifications/mail.html", facts), "text/html")
    if message.calendar:
        _add_calendar(mail, message.calendar)
    return mail


def _thread(message: Message, host: str) -> dict[str, str]:
    """Mails about the same thing hang together, though the first of them may never have reached this person."""
    told_of = sorted({f"{kind}-{number}" for kind, number in message.references})
    incidents = [name for name in told_of if name.startswith("incident-")]
    if len(incidents or told_of) != 1:
        return {}
    root = f"<{(incidents or told_of)[0]}.thread@{host}>"
    return {"In-Reply-To": root, "References": root}


def _headers(message: Message, stop: str) -> dict[str, str]:
    host = message.mail_host
    unsubscribe = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return {
        "Message-ID": message.message_id,
        **_thread(message, host),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "List-Id": f"{LABELS.get(message.kind, 'Your account')} at Followthrough <{message.kind.replace('_', '-')}.followthrough.{host}>",
        **(unsubscribe if stop else {}),
    }


def _add_calendar(mail: EmailMultiAlternatives, calendar: str) -> None:
    """As an alternative, which mail clients with a calendar act on, and as a file for all others."""
    method = re.search(r"^METHOD:(\w+)", calendar, re.MULTILINE)
    suffix = f"; method={method[1]}" if method else ""
    mail.attach_alternative(calendar, f"text/calendar{suffix}")
    mail.attach("invite.ics", calendar.encode(), "application/ics")
