"""Who got the sample's summaries, who opened them, and the draft that is being read."""

from __future__ import annotations

from datetime import datetime, timedelta

from followthrough.reports.models import Comment, Reader, Review, Summary
from followthrough.reports.queries.draft_review import possible_reviewers
from followthrough.reports.queries.readers import proposed


def tell_readers(summary: Summary) -> None:
    """Those who took part and the stakeholders were told as it was published; three of four have opened it."""
    told = summary.published_at
    if told is None:
        return
    people = sorted(proposed(summary).people, key=lambda person: person.pk)
    Reader.objects.bulk_create(
        Reader(
            summary=summary,
            person=person,
            told_at=told,
            opened_at=told + timedelta(hours=1 + place) if (place + summary.pk) % 4 else None,
        )
        for place, person in enumerate(people)
    )


def review_draft(summary: Summary, now: datetime) -> None:
    """Everybody who took part is asked to read it; the first has agreed, and the last asks for a word."""
    asked = list(possible_reviewers(summary).exclude(pk=summary.postmortem.facilitator_id or 0))
    if not asked:
        return
    Summary.objects.filter(pk=summary.pk).update(state=Summary.State.IN_REVIEW)
    Review.objects.bulk_create(
        Review(summary=summary, person=person, asked_by=summary.postmortem.facilitator) for person in asked
    )
    first = Review.objects.filter(summary=summary, person=asked[0])
    first.update(agreed_at=now, agreed_version=summary.version)
    Comment.objects.create(
        summary=summary,
        author=asked[-1],
        section="overview",
        text="Please say in the first line which customers noticed.",
    )
