"""Voting on what to talk about, and the anonymous closing round."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F

from followthrough.activity import operations as activity
from followthrough.core.errors import Conflict, DomainError
from followthrough.meeting_room.queries.closing_round import is_over
from followthrough.meetings.models import Meeting, RoundParticipation, RoundTally, Vote
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.records import operations as records

MAX_VOTES = 3
MAX_SCORE = 5
"""The best of a closing round; the least is 1."""


@transaction.atomic
def cast_vote(
    postmortem: PostMortem,
    *,
    about: UUID,
    by: User,
    id: UUID | None = None,  # noqa: A002
) -> Vote:
    """One of somebody's votes, for a cause or for something parked; once for each."""
    mine = Vote.objects.filter(postmortem=postmortem, author=by, removed_at=None)
    if mine.filter(about=about).exists():
        raise Conflict("You have voted for this already.")
    if mine.count() >= MAX_VOTES:
        raise DomainError(f"You have given your {MAX_VOTES} votes. Take one back to give it elsewhere.")
    return records.add(Vote(id=id or uuid4(), postmortem=postmortem, about=about, author=by), by=by)


@transaction.atomic
def take_back_vote(vote: Vote, *, by: User) -> None:
    if vote.author_id != by.pk:
        raise DomainError("This is somebody else's vote.")
    records.remove(vote, by=by)


@transaction.atomic
def answer_round(meeting: Meeting, values: Mapping[str, int], *, by: User) -> None:
    """Somebody's answers of 1 to 5 to all questions of the closing round; once each, and tied to nobody.

    Only who has answered and how often each value was given are kept; the log names nobody.
    """
    if meeting.state == Meeting.State.SCHEDULED:
        raise DomainError("The closing round comes once the meeting has begun.")
    if is_over(meeting):
        raise DomainError(
            "The closing round is over and its counts are shown: one more answer could be told from them. It was not kept."
        )
    if set(values) != set(RoundTally.Question.values) or not all(
        1 <= each <= MAX_SCORE for each in values.values()
    ):
        raise DomainError("Answer each of the three questions with 1 to 5.")
    try:
        with transaction.atomic():
            RoundParticipation.objects.create(meeting=meeting, person=by)
    except IntegrityError as error:
        raise Conflict("You have answered the closing round already. Thank you.") from error
    _make_tallies(meeting)
    for question, value in values.items():
        tally = RoundTally.objects.filter(meeting=meeting, question=question, value=value)
        tally.update(count=F("count") + 1)
    activity.record(meeting, "rated", by=None)


def _make_tallies(meeting: Meeting) -> None:
    """All of them with the first answers: made one by one, their order would tell who gave which."""
    if not RoundTally.objects.filter(meeting=meeting).exists():
        RoundTally.objects.bulk_create(
            RoundTally(meeting=meeting, question=question, value=value)
            for question in RoundTally.Question.values
            for value in range(1, MAX_SCORE + 1)
        )
