"""What is done for accounts by the worker."""

from __future__ import annotations

from django_tasks import task

from followthrough.people import invitation_mail
from followthrough.people.queries import active_people


@task()
def mail_password_reset(email: str) -> None:
    """Mails a reset link, whose token is made only now, to the account of that address; nothing where there is none."""
    person = active_people().filter(email=email).first()
    if person:
        invitation_mail.send_password_reset(person)
