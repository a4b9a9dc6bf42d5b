"""Who may read which summary."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from followthrough.core.errors import NotFound
from followthrough.incidents.models import Incident
from followthrough.incidents.queries import visible_to as visible_incidents
from followthrough.people.models import User
from followthrough.people.queries import active_members
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
        raise NotFound("This summary does not exist, or it is not shared with you.")
    return summary


def secret_of(link: ShareLink) -> str:
    """The part of the address that only who was given the link knows; signed, so it need not be stored."""
    return signing.Signer(salt=_SALT).sign(str(link.pk))


def address_of(link: ShareLink) -> str:
    """The whole address of a link, to be passed on."""
    return settings.BASE_URL + reverse("shared_summary", args=[secret_of(link)])


def standing_links(incident: Incident) -> QuerySet[ShareLink]:
    """The links to its summary that have not ended, newest first; while it is restricted they rest."""
    unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    links = ShareLink.objects.filter(unexpired, summary=incident.pk, revoked_at=None)
    return (
        links.filter(created_by__in=active_members())
        .select_related("created_by", "reader")
        .order_by("-created_at")
    )


def opened_by(secret: str) -> ShareLink:
    """The link behind an address; ended, resting and invented ones are alike not there."""
    try:
        pk = signing.Signer(salt=_SALT).unsign(secret)
    except signing.BadSignature:
        pk = "0"
    published = ShareLink.objects.filter(pk=pk, summary__state=Summary.State.PUBLISHED)
    link = published.select_related("summary__postmortem__incident").first()
    if link is None or not opens(link):
        raise NotFound("This link no longer works. Ask whoever sent it for a new one.")
    return link


def opens(link: ShareLink) -> bool:
    """Whether who holds the link can read the summary by it now."""
    summary = link.summary
    incident = summary.postmortem.incident
    is_open = incident.visibility == Incident.Visibility.OPEN and summary.state == Summary.State.PUBLISHED
    return is_open and standing_links(incident).filter(pk=link.pk).exists()
