"""Mail about accounts: secrets are made as it is sent, or wait encrypted, so that no queue gives one away."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from followthrough.core.times import in_full
from followthrough.people.mail_layout import Mail, compose
from followthrough.people.models import Invitation, User
from followthrough.people.operations import PASSWORD_LINK_LASTS, reset_path
from followthrough.people.queries import organisation_name


def send_password_reset(person: User) -> None:
    """Mails a link to choose a new password; raises what the mail server answers, so that the worker tries again."""
    ends = timezone.now() + PASSWORD_LINK_LASTS
    mail = Mail(
        name=person.name,
        address=person.email,
        subject="Choose a new password for Followthrough",
        greeting=person.first_name,
        body=(
            "Somebody asked for this on the sign-in page and gave your address. If it was you, choose a new password"
            " by the link. If it was not, you need not do anything: your password stays as it is."
        ),
        facts=[
            ("Account", f"{person.email} at {_host()}"),
            ("Works", f"once, until {in_full(ends, person.zone)}"),
        ],
        url=settings.BASE_URL + reset_path(person),
        opens="Choose a new password",
        footer="Followthrough sends this only where somebody asks for it, and to this address alone.",
    )
    compose(mail).send()


def send_invitation(invitation: Invitation, link: str) -> None:
    """Mails the invitation's link; raises what the mail server answers, so that the worker tries again."""
    organisation, by = organisation_name(), invitation.invited_by
    whose = f"{organisation}’s " if organisation else ""
    mail = Mail(
        name="",
        address=invitation.email,
        subject=f"You are invited to {whose}Followthrough",
        body=(
            f"{by.name if by else 'An administrator'} invites you to {whose}Followthrough, where {organisation or 'the organisation'} learns from its"
            " incidents: what happened, why, and what is done about it. Nobody is blamed there."
        ),
        facts=[
            *([("From", f"{by.name}, {by.email}")] if by else []),
            ("You would", _part(invitation)),
            ("Works", f"once, until {in_full(invitation.expires_at, by.zone if by else 'UTC')}"),
        ],
        url=link,
        opens="Choose a password and come in",
        footer="If you expected no invitation, you need not do anything. Replies go to whoever invited you.",
        reply_to=by,
    )
    compose(mail).send()


_PARTS = {
    User.Role.MEMBER: "take part in meetings and own actions",
    User.Role.ADMINISTRATOR: "take part as a member does, and look after people and settings",
    User.Role.STAKEHOLDER: "read the summaries that are published",
}


def _part(invitation: Invitation) -> str:
    team = f", in the team {invitation.team}" if invitation.team else ""
    return f"{_PARTS[User.Role(invitation.role)]}{team}"


def _host() -> str:
    return settings.BASE_URL.partition("://")[2]
