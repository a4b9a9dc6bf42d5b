"""Notifying people: each notification is idempotent by its key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict, Unpack

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from followthrough.notifications.message_kinds import ALWAYS
from followthrough.notifications.models import LONGEST_BODY, Message, Preference, Reference
from followthrough.people import working_hours
from followthrough.people.models import User


@dataclass(frozen=True)
class Notification:
    """One thing to tell one person. `references` are all that it tells of, () for what anybody may know. `facts` are
    (label, words) and `links` (label, path) that only the mail shows, `opens` is what its button says, `author` who
    gets replies, `calendar` an iTIP message that goes with it; its mail may wait for the person's working hours."""

    person: User
    kind: str
    key: str
    subject: str
    body: str = ""
    path: str = ""
    about: str = ""
    links: Sequence[tuple[str, str]] = ()
    calendar: str = ""
    wait_for_working_hours: bool = False
    references: Sequence[Reference] = field(kw_only=True)
    facts: Sequence[tuple[str, str]] = ()
    opens: str = ""
    author: User | None = None


class Words(TypedDict, total=False):
    """What `notify` may be told beside what it must."""

    body: str
    path: str
    about: str
    links: Sequence[tuple[str, str]]
    calendar: str
    wait_for_working_hours: bool
    facts: Sequence[tuple[str, str]]
    opens: str
    author: User | None


@transaction.atomic
def notify(
    person: User,
    *,
    kind: str,
    key: str,
    subject: str,
    references: Sequence[Reference],
    **words: Unpack[Words],
) -> Message | None:
    """Puts a message into the person's inbox and, unless they want none of its kind, its mail into the outbox.

    None when `key` was told before. See Notification for the rest.
    """
    told = notify_all([Notification(person, kind, key, subject, references=references, **words)])
    return told[0] if told else None


@transaction.atomic
def notify_all(notifications: Iterable[Notification]) -> list[Message]:
    """Tells many things in three queries; what was told before is left out."""
    wanted = {(one.person.pk, one.key): one for one in notifications}
    if not wanted:
        return []
    people, keys = {person for person, _ in wanted}, {key for _, key in wanted}
    told = set(Message.objects.filter(person__in=people, key__in=keys).values_list("person", "key"))
    muted = _opted_out(people, {one.kind for one in wanted.values()})
    now = timezone.now()
    fresh = [_message(one, now, muted) for pair, one in wanted.items() if pair not in told]
    return _put_in(fresh)


def _put_in(fresh: list[Message]) -> list[Message]:
    """Stores them; what another worker told at the same moment is left to it."""
    if len(fresh) != 1:
        return Message.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    try:
        with transaction.atomic():
            fresh[0].save(force_insert=True)
    except IntegrityError:
        return []
    return fresh


def _opted_out(people: Collection[int], kinds: Collection[str]) -> set[tuple[int, str]]:
    rows = Preference.objects.filter(person__in=people, kind__in=kinds, mail=False)
    return set(rows.values_list("person", "kind"))


def _message(one: Notification, now: datetime, muted: Collection[tuple[int, str]]) -> Message:
    is_muted = one.kind not in ALWAYS and (one.person.pk, one.kind) in muted
    wants_mail = bool(settings.EMAIL_HOST) and not is_muted
    leaves = working_hours.next_at_work(one.person, now) if one.wait_for_working_hours else now
    return Message(
        person=one.person,
        kind=one.kind,
        key=one.key,
        about=one.about,
        subject=" ".join(one.subject.split())[:200],
        body=one.body[:LONGEST_BODY],
        path=one.path,
        references=[list(reference) for reference in one.references],
        links=[list(link) for link in one.links],
        facts=[list(fact) for fact in one.facts],
        opens=one.opens,
        author=one.author,
        calendar=one.calendar,
        mail_after=leaves if wants_mail else None,
    )


def withdraw_mail(abouts: Collection[str]) -> int:
    """Keeps mail from leaving that asks for what has been done meanwhile; returns how many."""
    waiting = Message.objects.filter(about__in=abouts, mail_worker="").exclude(mail_after=None)
    return waiting.update(mail_after=None)


def mark_read(person: User, message: Message | None = None) -> int:
    """Marks one message, or all of the person's, as read; returns how many were unread."""
    unread = Message.objects.filter(person=person, read_at=None)
    return (unread.filter(pk=message.pk) if message else unread).update(read_at=timezone.now())


@transaction.atomic
def choose_mail(person: User, wishes: dict[str, bool]) -> None:
    """Notes of each kind of message whether the person wants it by mail; what waits of an unwanted kind stays."""
    rows = [Preference(person=person, kind=kind, mail=mail) for kind, mail in wishes.items()]
    Preference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person", "kind"], update_fields=["mail"]
    )
    unwanted = [kind for kind, mail in wishes.items() if not mail]
    waiting = Message.objects.filter(person=person, kind__in=unwanted, mail_worker="")
    waiting.exclude(mail_after=None).update(mail_after=None)


def resend(failed: QuerySet[Message]) -> int:
    """Puts mails that were given up into the outbox again; returns how many."""
    again = failed.exclude(mail_failed_at=None)
    return again.update(mail_after=timezone.now(), mail_failed_at=None, mail_attempts=0)
