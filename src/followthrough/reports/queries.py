"""Who may read which summary."""

from __future__ import annotations

from django.core import signing
from django.db.models import QuerySet
from django.utils import timezone

from followthrough.core.errors import NotThere
from followthrough.incidents.queries import visible_to as visible_incidents
from followthrough.people.models import User
from followthrough.reports.models import ShareLink, Summary

_SALT = "followthrough.reports.share"


def visible_to(user: User) -> QuerySet[Summary]:
    """Members see every summary of what they may see; stakeholders the published ones."""
    rows = Summary.objects.filter(postmortem__incident__in=visible_incidents(user))
    return rows if user.is_member else rows.filter(state=Summary.State.PUBLISHED)


def find(user: User, pk: int) -> Summary:
    """The summary of incident `pk`, with what a page needs of its incident."""
    rows = visible_to(user).select_related(
        "postmortem__incident__severity", "postmortem__facilitator", "published_by"
    )
    summary = rows.filter(pk=pk).first()
    if summary is None:
        raise NotThere("This summary does not exist, or it is not shared with you.")
    return summary


def secret_of(link: ShareLink) -> str:
    """The part of the address that only who was given the link knows; signed, so it need not be stored."""
    return signing.Signer(salt=_SALT).sign(str(link.pk))


def opened_by(secret: str) -> ShareLink:
    """The link behind an address; revoked, expired and invented ones are alike not there."""
    try:
        pk = signing.Signer(salt=_SALT).unsign(secret)
    except signing.BadSignature:
        pk = "0"
    link = (
        ShareLink.objects.filter(pk=pk, revoked_at=None, summary__state=Summary.State.PUBLISHED)
        .select_related("summary__postmortem__incident")
        .first()
    )
    if link is None or (link.expires_at and link.expires_at < timezone.now()):
        raise NotThere("This link no longer works. Ask whoever sent it for a new one.")
    return link
