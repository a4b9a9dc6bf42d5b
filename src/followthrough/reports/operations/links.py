"""Links by which people without an account read a published summary."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from followthrough.activity.operations import record
from followthrough.core.errors import DomainError
from followthrough.incidents.models import Incident
from followthrough.people.models import User
from followthrough.reports.models import Reader, ShareLink, Summary

LINK_DAYS = 30
"""How long a link works unless its maker chose otherwise."""


@transaction.atomic
def share(summary: Summary, *, by: User, days: int | None = LINK_DAYS) -> ShareLink:
    """A link for people without an account; it ends after `days` (None: never) or when it is revoked."""
    if summary.state != Summary.State.PUBLISHED:
        raise DomainError("Publish the summary first; then it can be shared by link.")
    if summary.postmortem.incident.visibility == Incident.Visibility.RESTRICTED:
        raise DomainError(
            "The incident is restricted, so its summary is not shared by link and no link was made."
            " Open the incident to everyone first."
        )
    expires = timezone.now() + timedelta(days=days) if days else None
    link = ShareLink.objects.create(summary=summary, created_by=by, expires_at=expires)
    record(link, "added", by=by)
    return link


@transaction.atomic
def revoke(link: ShareLink, *, by: User | None) -> None:
    """The link stops working at once."""
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        record(link, "revoked", by=by)


@transaction.atomic
def end_links_of(maker: User, *, by: User | None) -> None:
    """Revokes every link of somebody who may no longer share."""
    for link in ShareLink.objects.filter(created_by=maker, revoked_at=None):
        revoke(link, by=by)


def count_opening(link: ShareLink) -> None:
    """One more reader by this link; where it was made for somebody, they opened the summary."""
    ShareLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1)
    Reader.objects.filter(link=link, opened_at__lt=F("told_at")).update(opened_at=timezone.now())
    Reader.objects.filter(link=link, opened_at=None).update(opened_at=timezone.now())
