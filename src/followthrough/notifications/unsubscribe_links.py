"""Signed unsubscribe links (List-Unsubscribe, RFC 8058) for the mail of one kind, without signing in."""

from __future__ import annotations

from django.conf import settings
from django.core import signing

from followthrough.core.errors import NotFound
from followthrough.people.models import User

_SALT = "followthrough.unsubscribe"


def address_of(person: User, kind: str) -> str:
    """The whole address; it works as long as the secret key stays."""
    return f"{settings.BASE_URL}/unsubscribe/{signing.dumps([person.pk, kind], salt=_SALT)}/"


def read(token: str) -> tuple[User, str]:
    """(who, which kind) of an address. NotThere for one that was not made here."""
    try:
        pk, kind = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise NotFound("This link is not complete. Open it again from the mail.") from error
    person = User.objects.filter(pk=pk).first()
    if person is None:
        raise NotFound("There is no such person here any more.")
    return person, str(kind)
