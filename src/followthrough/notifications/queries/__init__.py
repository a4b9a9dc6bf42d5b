"""Reading a person's messages, and how mail and reminders stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from followthrough.core.errors import NotFound
from followthrough.notifications.models import Deadline, Message, Preference
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
        raise NotFound("This message does not exist, or it is not yours.")
    return message


def unwanted_kinds(person: User) -> set[str]:
    """The kinds that the person does not want by mail."""
    return set(Preference.objects.filter(person=person, mail=False).values_list("kind", flat=True))


def failed_mail() -> QuerySet[Message]:
    """Mails that were given up, the latest first."""
    failed = Message.objects.filter(mail_failed_at__isnull=False)
    return failed.select_related("person").order_by("-mail_failed_at", "-pk")


@dataclass(frozen=True)
class Outbox:
    """How many mails wait for their time, are due now, were given up; how long the oldest due one has waited."""

    later: int
    due: int
    failed: int
    lateness: timedelta


def outbox(*, now: datetime) -> Outbox:
    """The figures of mail on its way; two queries over small indexes."""
    due = Q(mail_after__lte=now)
    waiting = Message.objects.filter(mail_after__isnull=False).order_by()
    counts = waiting.aggregate(all=Count("pk"), due=Count("pk", filter=due), oldest=Min("mail_after"))
    lateness = max(timedelta(), now - (counts["oldest"] or now))
    return Outbox(counts["all"] - counts["due"], counts["due"], failed_mail().count(), lateness)


def deadline_lateness(*, now: datetime) -> timedelta:
    """How long the next thing to be told has been due; zero when nothing is."""
    first = Deadline.objects.filter(next_at__isnull=False).aggregate(first=Min("next_at"))["first"]
    return max(timedelta(), now - (first or now))
