"""Telling people things, each once."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from followthrough.notifications.models import Message
from followthrough.people.models import User


@transaction.atomic
def tell(
    person: User,
    *,
    kind: str,
    key: str,
    subject: str,
    body: str = "",
    path: str = "",
    links: Sequence[tuple[str, str]] = (),
    calendar: str = "",
) -> Message | None:
    """Puts a message into the person's inbox and queues its mail; None when `key` was told before.

    `links` are (label, path) that only the mail shows; `calendar` is an iTIP message that goes with it. The job is a row of the same transaction, so a message is never without its mail or the reverse.
    """
    from followthrough.notifications.tasks import deliver  # noqa: PLC0415 - tasks call operations

    facts = {"kind": kind, "subject": subject[:200], "body": body, "path": path}
    extras = {"links": [list(link) for link in links], "calendar": calendar}
    message, is_new = Message.objects.get_or_create(person=person, key=key, defaults=facts | extras)
    if not is_new:
        return None
    deliver.enqueue(message.pk)
    return message


def mark_read(person: User, message: Message | None = None) -> int:
    """Marks one message, or all of the person's, as read; returns how many were unread."""
    unread = Message.objects.filter(person=person, read_at=None)
    return (unread.filter(pk=message.pk) if message else unread).update(read_at=timezone.now())
