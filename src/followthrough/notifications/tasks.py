"""Mail, sent by the worker."""

from __future__ import annotations

import re
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from followthrough.notifications.models import Message


@task()
def deliver(message_id: int) -> str:
    """Mails one message unless it was mailed before; a failure is kept on the message and raised for the job's page."""
    message = Message.objects.select_related("person").filter(pk=message_id, mailed_at=None).first()
    if message is None or not message.person.is_active or not settings.EMAIL_HOST:
        return "nothing to send"
    try:
        _mail_of(message).send()
    except (OSError, SMTPException) as error:
        Message.objects.filter(pk=message.pk).update(mail_error=str(error)[:300])
        raise
    Message.objects.filter(pk=message.pk).update(mailed_at=timezone.now(), mail_error="")
    return "sent"


def _mail_of(message: Message) -> EmailMultiAlternatives:
    facts = {
        "message": message,
        "url": settings.BASE_URL + message.path if message.path else "",
        "links": [(label, settings.BASE_URL + path) for label, path in message.links],
    }
    mail = EmailMultiAlternatives(
        message.subject,
        render_to_string("notifications/mail.txt", facts),
        to=[f"{message.person.name} <{message.person.email}>"],
        headers={"Auto-Submitted": "auto-generated", "X-Followthrough-Kind": message.kind},
    )
    mail.attach_alternative(render_to_string("notifications/mail.html", facts), "text/html")
    if message.calendar:
        _add_calendar(mail, message.calendar)
    return mail


def _add_calendar(mail: EmailMultiAlternatives, calendar: str) -> None:
    """As an alternative, which mail clients with a calendar act on, and as a file for all others."""
    method = re.search(r"^METHOD:(\w+)", calendar, re.MULTILINE)
    suffix = f"; method={method[1]}" if method else ""
    mail.attach_alternative(calendar, f"text/calendar{suffix}")
    mail.attach("invite.ics", calendar.encode(), "application/ics")
