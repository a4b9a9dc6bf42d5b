"""Mail about accounts, sent while the person who asked for it waits, so that no secret is stored in a queue."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from followthrough.people.models import Invitation

log = logging.getLogger(__name__)


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
