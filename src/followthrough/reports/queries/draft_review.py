"""Who reviews a draft, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from followthrough.core.errors import NotFound
from followthrough.incidents.queries import members_who_see
from followthrough.people.models import User
from followthrough.reports.models import Comment, Review, Summary
from followthrough.reports.queries.prose import TITLES


@dataclass(frozen=True)
class ReviewState:
    """Who was asked, what was said, and what the person looking was asked."""

    reviews: list[Review]
    comments: list[Comment]
    mine: Review | None
    version: int

    @property
    def agreed(self) -> int:
        return sum(review.agreed_at is not None for review in self.reviews)

    @property
    def open_comments(self) -> int:
        return sum(said.settled_at is None for said in self.comments)

    @property
    def said(self) -> list[tuple[Comment, str]]:
        """Each comment with the title of the section that it is about, "" where it is about the whole."""
        return [(comment, TITLES.get(comment.section, "")) for comment in self.comments]

    @property
    def words(self) -> str:
        """ "3 of 4 have agreed"; "" where nobody was asked."""
        return f"{self.agreed} of {len(self.reviews)} have agreed" if self.reviews else ""

    @property
    def rows(self) -> list[tuple[Review, str]]:
        """Each who was asked, with where they are: "agreed", "earlier" or ""."""
        return [(review, _stands(review, self.version)) for review in self.reviews]


def _stands(review: Review, version: int) -> str:
    if review.agreed_version is None:
        return ""
    return "agreed" if review.agreed_version == version else "earlier"


def possible_reviewers(summary: Summary) -> QuerySet[User]:
    """Everybody who took part and may see the draft."""
    took_part = summary.postmortem.participants.values("person")
    return members_who_see(summary.postmortem.incident).filter(pk__in=took_part).order_by("name")


def review_of(summary: Summary, user: User) -> ReviewState:
    """Two queries."""
    reviews = list(summary.reviews.select_related("person").order_by("person__name"))
    comments = list(summary.comments.select_related("author").order_by("at"))
    mine = next((review for review in reviews if review.person_id == user.pk), None)
    return ReviewState(reviews, comments, mine, summary.version)


def find_comment(summary: Summary, pk: int) -> Comment:
    said = Comment.objects.filter(summary=summary, pk=pk).first()
    if said is None:
        raise NotFound("This comment is not on this summary. Nothing was changed.")
    said.summary = summary
    return said


SECTIONS = [("", "The whole summary"), *TITLES.items()]
