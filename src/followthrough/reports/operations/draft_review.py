"""The review of a draft: who was asked, what they say to it, and who has agreed."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from followthrough.activity.operations import record
from followthrough.core.errors import DomainError
from followthrough.notifications.operations import notify
from followthrough.people.models import User
from followthrough.reports.models import Comment, Review, Summary
from followthrough.reports.operations.changing import hold, refuse_if_published, save
from followthrough.reports.queries.draft_review import possible_reviewers
from followthrough.reports.queries.prose import TITLES


@transaction.atomic
def submit(summary: Summary, *, by: User, people: Collection[User] | None = None) -> None:
    """Asks `people` to review the draft; without them everybody who took part."""
    hold(summary)
    if summary.state != Summary.State.DRAFT:
        raise DomainError("Only a draft can go into review. Nothing was changed.")
    asked = set(possible_reviewers(summary).exclude(pk=by.pk))
    if people is not None:
        asked &= set(people)
        if not asked:
            raise DomainError("Choose at least one person to ask. Nobody was asked yet.", field="person")
    save(summary, state=Summary.State.IN_REVIEW)
    summary.reviews.exclude(person__in=asked).delete()
    for person in asked:
        Review.objects.update_or_create(
            summary=summary,
            person=person,
            defaults={"asked_by": by, "agreed_at": None, "agreed_version": None},
        )
    record(summary, "sent to review", by=by)
    incident = summary.postmortem.incident
    for person in asked:
        _tell(
            summary,
            person,
            f"review:{summary.pk}:{summary.version}",
            f"Please read the summary of {incident.key} before it is shared",
            f"{by} asks you to check the summary of “{incident.outside_name}”: comment on it, or say that you agree.",
            by=by,
        )


@transaction.atomic
def agree(summary: Summary, *, by: User, agreed: bool = True) -> None:
    """Somebody who was asked has read the draft and agrees, or takes that back."""
    hold(summary)
    if summary.state != Summary.State.IN_REVIEW:
        raise DomainError("The draft is not in review, so nothing was noted.")
    review = summary.reviews.filter(person=by).first()
    if review is None:
        raise DomainError("You were not asked to review it, so nothing was noted. You may comment on it.")
    review.agreed_at = timezone.now() if agreed else None
    review.agreed_version = summary.version if agreed else None
    review.save(update_fields=["agreed_at", "agreed_version"])
    record(summary, "agreed" if agreed else "took back their agreement", by=by)
    if agreed and not summary.reviews.filter(agreed_at=None).exists():
        _tell_asker(review, f"agreed:{summary.version}", "Everybody has agreed to the summary of", "", by=by)


@transaction.atomic
def comment(summary: Summary, *, text: str, by: User, section: str = "") -> Comment:
    """Says something to the draft, to one section or to all of it; whoever asked for the review hears of it."""
    hold(summary)
    refuse_if_published(summary)
    if not text.strip():
        raise DomainError("Write what you would change. Nothing was kept.", field="text")
    if section and section not in TITLES:
        raise DomainError("There is no such section in the summary. Nothing was kept.", field="section")
    said = Comment.objects.create(summary=summary, author=by, section=section, text=text.strip())
    record(summary, "commented", by=by, label=TITLES.get(section, "the whole"))
    review = summary.reviews.select_related("asked_by").first()
    if review:
        _tell_asker(review, f"comment:{said.pk}", f"{by} commented on the summary of", said.text, by=by)
    return said


@transaction.atomic
def settle(said: Comment, *, by: User, settled: bool = True) -> None:
    """Notes that a comment was dealt with, or opens it again."""
    hold(said.summary)
    refuse_if_published(said.summary)
    said.settled_at = timezone.now() if settled else None
    said.save(update_fields=["settled_at"])
    record(said.summary, "settled a comment" if settled else "opened a comment again", by=by)


def _tell_asker(review: Review, key: str, subject: str, body: str, *, by: User) -> None:
    if review.asked_by and review.asked_by != by:
        _tell(
            review.summary,
            review.asked_by,
            f"{review.summary_id}:{key}",
            f"{subject} {review.summary.postmortem.key}",
            body,
            by=by,
        )


def _tell(summary: Summary, person: User, key: str, subject: str, body: str, *, by: User) -> None:
    incident = summary.postmortem.incident
    notify(
        person,
        kind="summary_review",
        key=f"summary-{key}",
        subject=subject,
        body=body,
        path=f"/incidents/{incident.key}/summary/#review",
        opens="Read the draft",
        author=by,
        references=[incident.reference],
    )
