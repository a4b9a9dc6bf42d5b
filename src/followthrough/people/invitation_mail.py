"""Mail about accounts, whose secrets are made as it is sent, so that none is stored in a queue."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from followthrough.people.models import Invitation, User
from followthrough.people.operations import reset_path

log = logging.getLogger(__name__)


def send_password_reset(person: User) -> None:
    """Mails a link to choose a new password; raises what the mail server answers, so that the worker tries again."""
    link = settings.BASE_URL + reset_path(person)
    body = render_to_string("people/password_reset_mail.txt", {"link": link})
    send_mail("Choose a new password for Followthrough", body, None, [person.email])


def send_invitation(invitation: Invitation, link: str) -> bool:
    """Mails the invitation's link; False when mail is not set up or the mail server did not take it."""
    if not settings.MAIL_ON:
        return False
    body = render_to_string("people/invitation_mail.txt", {"invitation": invitation, "link": link})
    try:
        send_mail("You are invited to Followthrough", body, None, [invitation.email])
    except (OSError, SMTPException) as error:
        log.warning("The invitation to %s was not mailed: %s", invitation.email, error)
        return False
    return True
