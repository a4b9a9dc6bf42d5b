"""A message as mail, with its thread and, where there is one, a calendar part."""

from __future__ import annotations

import re

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from followthrough.notifications import unsubscribe_links
from followthrough.notifications.message_kinds import ALWAYS, LABELS
from followthrough.notifications.models import Message
from followthrough.people.mail_layout import Mail, compose

_BECAUSE = "Followthrough sends this because of your part in it. Your inbox has it too."
_ALWAYS = "Followthrough always sends this, because it is about your account. Your inbox has it too."


def mail_of(message: Message, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The mail. Its Message-ID is the message's own, so that a repeated one is known as the same."""
    person = message.person
    stop = "" if message.kind in ALWAYS else unsubscribe_links.address_of(person, message.kind)
    mail = Mail(
        name=person.name,
        address=person.email,
        subject=message.subject,
        greeting=person.first_name,
        body=message.body,
        facts=[(label, words) for label, words in message.facts],
        url=settings.BASE_URL + message.path if message.path else "",
        opens=message.opens or Mail.opens,
        ways=[(label, settings.BASE_URL + path) for label, path in message.links],
        footer=_BECAUSE if stop else _ALWAYS,
        stop=stop,
        reply_to=message.author,
        headers=_headers(message, stop),
    )
    composed = compose(mail, connection)
    if message.calendar:
        _add_calendar(composed, message.calendar)
    return composed


def _thread(message: Message) -> dict[str, str]:
    """Mails about the same thing hang together, though the first of them may never have reached this person."""
    told_of = sorted({f"{kind}-{number}" for kind, number in message.references})
    incidents = [name for name in told_of if name.startswith("incident-")]
    if len(incidents or told_of) != 1:
        return {}
    root = f"<{(incidents or told_of)[0]}.thread@{settings.MAIL_HOST}>"
    return {"In-Reply-To": root, "References": root}


def _headers(message: Message, stop: str) -> dict[str, str]:
    label, kind = LABELS.get(message.kind, "Your account"), message.kind.replace("_", "-")
    unsubscribe = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return {
        "Message-ID": message.message_id,
        **_thread(message),
        "List-Id": f"{label} at Followthrough <{kind}.followthrough.{settings.MAIL_HOST}>",
        **(unsubscribe if stop else {}),
    }


def _add_calendar(mail: EmailMultiAlternatives, calendar: str) -> None:
    """As an alternative, which mail clients with a calendar act on, and as a file for all others."""
    method = re.search(r"^METHOD:(\w+)", calendar, re.MULTILINE)
    suffix = f"; method={method[1]}" if method else ""
    mail.attach_alternative(calendar, f"text/calendar{suffix}")
    mail.attach("invite.ics", calendar.encode(), "application/ics")
