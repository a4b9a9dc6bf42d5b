"""What the sample's closing rounds said."""

from __future__ import annotations

import random
from collections import Counter

from followthrough.meetings.models import Meeting, RoundParticipation, RoundTally

WEIGHTS = {
    RoundTally.Question.LEARNED: (1, 2, 5, 9, 6),
    RoundTally.Question.WORTH: (1, 3, 7, 8, 4),
    RoundTally.Question.SAFE: (0, 1, 4, 8, 10),
}
"""How likely each value of 1 to 5 is given."""


def answer_rounds() -> None:
    """Everybody who read ahead answers the round of each meeting that was held."""
    held = Meeting.objects.filter(kind=Meeting.Kind.POSTMORTEM, state=Meeting.State.HELD).order_by("pk")
    taken, tallies = [], []
    for meeting in held.prefetch_related("postmortem__participants"):
        participants = meeting.postmortem.participants.all()
        people = [each.person_id for each in participants if each.read_at]
        taken += [RoundParticipation(meeting=meeting, person_id=person) for person in people]
        tallies += _tallies(meeting, len(people))
    RoundParticipation.objects.bulk_create(taken)
    RoundTally.objects.bulk_create(tallies)


def _tallies(meeting: Meeting, answers: int) -> list[RoundTally]:
    choice = random.Random(meeting.pk)  # noqa: S311 - the same answers each time, not a secret
    found = []
    for question, weights in WEIGHTS.items():
        given = Counter(choice.choices(range(1, 6), weights, k=answers))
        found += [
            RoundTally(meeting=meeting, question=question, value=value, count=given[value])
            for value in range(1, 6)
        ]
    return found
