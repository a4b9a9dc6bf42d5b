"""Deciding whether an incident needs a post-mortem: by the rules, or by a person."""

from __future__ import annotations

from django.db import transaction

from followthrough.activity.operations import record
from followthrough.core.field_changes import set_fields
from followthrough.incidents.models import Incident
from followthrough.incidents.queries import needs_review
from followthrough.people.models import User
from followthrough.records import operations as records

Review = Incident.Review


def decide_review(incident: Incident, *, by: User | None) -> None:
    """Lets the rules decide, unless they or a person already asked for a post-mortem or skipped it, or it is an earlier record."""
    if incident.review in {Review.NEEDED, Review.SKIPPED, Review.EARLIER}:
        return
    needed, reason = needs_review(incident)
    verb = "reviewed" if needed else "cleared"
    _write(incident, Review.NEEDED if needed else Review.NOT_NEEDED, reason, verb=verb, by=by)


@transaction.atomic
def require_review(incident: Incident, *, reason: str, by: User) -> Incident:
    """Asks for a post-mortem whatever the rules say; asking again changes nothing."""
    if incident.review != Review.NEEDED:
        _write(
            incident,
            Review.NEEDED,
            records.reason(reason, needed="Say why a post-mortem would help.", limit=300),
            verb="reviewed",
            by=by,
        )
    return incident


@transaction.atomic
def skip_review(incident: Incident, *, reason: str, by: User) -> Incident:
    """Goes without a post-mortem; the record keeps the reason. Refused once its meeting has been held."""
    if incident.review != Review.SKIPPED:
        _write(
            incident,
            Review.SKIPPED,
            records.reason(reason, needed="Say why it can do without a post-mortem.", limit=300),
            verb="skipped",
            by=by,
        )
    return incident


def _write(incident: Incident, review: str, reason: str, *, verb: str, by: User | None) -> None:
    changes = set_fields(incident, {"review": review, "review_reason": reason})
    if changes:
        incident.version += 1
        incident.save(update_fields=["review", "review_reason", "version"])
        record(incident, verb, by=by, changes=changes)
