"""Reading a person's messages."""

from __future__ import annotations

from django.db.models import QuerySet

from followthrough.core.errors import NotThere
from followthrough.notifications.models import Message, Preference
from followthrough.people.models import User


def inbox_of(person: User) -> QuerySet[Message]:
    """The person's messages, newest first."""
    return Message.objects.filter(person=person).order_by("-created_at", "-pk")


def unread_count(person: User) -> int:
    """How many messages the person has not read."""
    return Message.objects.filter(person=person, read_at=None).count()


def find(person: User, pk: int) -> Message:
    """One of the person's own messages; anybody else's is not there."""
    message = inbox_of(person).filter(pk=pk).first()
    if message is None:
        raise NotThere("This message does not exist, or it is not yours.")
    return message


def unwanted_kinds(person: User) -> set[str]:
    """The kinds that the person does not want by mail."""
    return set(Preference.objects.filter(person=person, mail=False).values_list("kind", flat=True))
