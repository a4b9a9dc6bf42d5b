"""What is done for accounts by the worker."""

from __future__ import annotations

from django_tasks import task

from followthrough.core.encryption import decrypt
from followthrough.people import invitation_mail
from followthrough.people.queries import active_people, open_invitations


@task()
def mail_password_reset(email: str) -> None:
    """Mails a reset link, whose token is made only now, to the account of that address; nothing where there is none."""
    person = active_people().filter(email=email).first()
    if person:
        invitation_mail.send_password_reset(person)


@task()
def mail_invitation(pk: int, encrypted_link: str) -> None:
    """Mails an invitation's link, which waits encrypted as it is shown only once; nothing once it is used or withdrawn."""
    invitation = open_invitations().filter(pk=pk).first()
    if invitation:
        invitation_mail.send_invitation(invitation, decrypt(encrypted_link)["link"])
