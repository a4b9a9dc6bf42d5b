"""Mail about accounts: secrets are made as it is sent, or wait encrypted, so that no queue gives one away."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from followthrough.core.headers import header_line
from followthrough.people.models import Invitation, User
from followthrough.people.operations import reset_path
from followthrough.people.queries import organisation_name


def send_password_reset(person: User) -> None:
    """Mails a link to choose a new password; raises what the mail server answers, so that the worker tries again."""
    link = settings.BASE_URL + reset_path(person)
    body = render_to_string("people/password_reset_mail.txt", {"link": link})
    send_mail("Choose a new password for Followthrough", body, None, [person.email])


def send_invitation(invitation: Invitation, link: str) -> None:
    """Mails the invitation's link; raises what the mail server answers, so that the worker tries again."""
    organisation = organisation_name()
    facts = {"invitation": invitation, "link": link, "organisation": organisation}
    body = render_to_string("people/invitation_mail.txt", facts)
    whose = f"{organisation}’s " if organisation else ""
    send_mail(header_line(f"You are invited to {whose}Followthrough"), body, None, [invitation.email])
