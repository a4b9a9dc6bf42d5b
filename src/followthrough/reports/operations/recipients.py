"""Who gets a summary: told as it is published, by the inbox and mail here, by mail with a link of their own outside."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import task

from followthrough.core.errors import DomainError
from followthrough.notifications.operations import notify
from followthrough.people.mail_layout import compose
from followthrough.people.models import User
from followthrough.reports.models import Reader, Summary
from followthrough.reports.operations.links import revoke, share
from followthrough.reports.queries import opens, standing_links
from followthrough.reports.queries.reader_mail import Letter, mail_outside
from followthrough.reports.queries.readers import Recipients, is_restricted, possible_readers


def refuse_unfit(summary: Summary, recipients: Recipients) -> None:
    """DomainError where somebody chosen may not read the summary."""
    if recipients.addresses and is_restricted(summary):
        raise DomainError(
            "The incident is restricted, so its summary goes to nobody outside. Nothing was published;"
            " leave the addresses out, or open the incident to everyone first.",
            field="others",
        )
    possible = set(possible_readers(summary).values_list("pk", flat=True))
    strangers = sorted(str(person) for person in recipients.people if person.pk not in possible)
    if strangers:
        raise DomainError(
            f"{', '.join(strangers)} may not see this incident, so nothing was published. Leave them out.",
            field="others",
        )


@transaction.atomic
def choose_readers(summary: Summary, recipients: Recipients) -> None:
    """Makes `recipients` those who get the summary from now on; links of addresses that are left out end."""
    left = summary.readers.exclude(
        Q(person__in=recipients.people) | Q(address__in=recipients.addresses)
    ).select_related("link")
    for reader in left:
        if reader.link:
            revoke(reader.link, by=None)
    left.delete()
    here = set(summary.readers.values_list("person", flat=True))
    outside = set(summary.readers.values_list("address", flat=True))
    Reader.objects.bulk_create(
        [Reader(summary=summary, person=person) for person in recipients.people if person.pk not in here]
        + [
            Reader(summary=summary, address=address)
            for address in recipients.addresses
            if address not in outside
        ]
    )


def tell_readers(summary: Summary, letter: Letter, *, by: User) -> None:
    """Tells all who were chosen, once for each version; whoever publishes it knows."""
    incident = summary.postmortem.incident
    summary.readers.update(told_at=timezone.now())
    for reader in summary.readers.select_related("person", "link"):
        if reader.person is None:
            _give_link(reader, by=by)
            continue
        if reader.person != by and reader.person.is_active:
            notify(
                reader.person,
                kind="summary_published",
                key=f"summary-published:{summary.pk}:{summary.version}",
                subject=letter.subject,
                body=letter.body,
                path=f"/incidents/{incident.key}/summary/",
                opens="Read the summary",
                author=by,
                references=[incident.reference],
            )


def _give_link(reader: Reader, *, by: User) -> None:
    """A link of their own that works, and the mail with it once this is stored."""
    standing = standing_links(reader.summary.postmortem.incident)
    if reader.link is None or not standing.filter(pk=reader.link.pk).exists():
        reader.link = share(reader.summary, by=by)
        reader.save(update_fields=["link"])
    if settings.EMAIL_HOST:
        mail_reader_outside.enqueue(reader.pk)


@task()
def mail_reader_outside(pk: int) -> None:
    """Mails somebody outside their link, once for each version; nothing where it no longer opens.

    Raises what the mail server answers, so that the worker tries again.
    """
    reader = Reader.objects.select_related("link", "summary__postmortem__incident").filter(pk=pk).first()
    if reader is None or reader.is_mailed or reader.link is None or not opens(reader.link):
        return
    compose(mail_outside(reader)).send()
    Reader.objects.filter(pk=pk).update(mailed_at=timezone.now())


def note_opening(summary: Summary, *, by: User) -> None:
    """Somebody who was told opened the summary; the first time since is kept."""
    unopened = Q(opened_at=None) | Q(opened_at__lt=F("told_at"))
    Reader.objects.filter(unopened, summary=summary, person=by).update(opened_at=timezone.now())
