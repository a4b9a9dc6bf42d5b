"""Who a program acts for."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from followthrough.core.errors import NotAllowed
from followthrough.people.models import User
from followthrough.people.queries import person_of_token


class TokenOwner(HttpBearer):
    """`Authorization: Bearer TOKEN`, with a token made on one's profile; the request then has its owner as `user`."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        person = person_of_token(token)
        if person:
            request.user = person
        return person


def acting_member(request: HttpRequest) -> User:
    """Whose token it is; NotAllowed for a stakeholder's."""
    person = request.user
    if not isinstance(person, User) or not person.is_member:
        raise NotAllowed("A stakeholder's token only reads. Ask a member to make this change.")
    return person
