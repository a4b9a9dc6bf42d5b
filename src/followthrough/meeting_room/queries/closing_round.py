"""What the closing round says: this meeting's answers beside those of the meetings before."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, QuerySet, Sum

from followthrough.meetings.models import Meeting, RoundParticipation, RoundTally
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem

MIN_ANSWERS = 3
"""With fewer answers somebody could be recognised by theirs, so none are shown."""
VALUES = range(1, 6)


def closing_round(number: int) -> dict[str, Any]:
    """{answered, fewest, questions: [{key, text, counts or null, before}]}; counts from 1 (no) to 5 (very much).

    Counts are shown once the meeting is closed: growing one by one, they would tell who said what.
    """
    tallies = RoundTally.objects.filter(meeting__state=Meeting.State.HELD)
    answered = RoundParticipation.objects.filter(meeting__postmortem=number).count()
    now = _counted(tallies.filter(meeting__postmortem=number))
    enough = (
        RoundParticipation.objects.values("meeting")
        .annotate(given=Count("pk"))
        .filter(given__gte=MIN_ANSWERS)
    )
    others = tallies.exclude(meeting__postmortem=number).filter(meeting__in=enough.values("meeting"))
    before = _counted(others)
    return {
        "answered": answered,
        "fewest": MIN_ANSWERS,
        "questions": [
            {
                "key": key,
                "text": text,
                "counts": _spread(now[key]) if now[key] and answered >= MIN_ANSWERS else None,
                "before": _spread(before[key]),
            }
            for key, text in RoundTally.Question.choices
        ],
    }


def _counted(tallies: QuerySet[RoundTally]) -> dict[str, Counter[int]]:
    found: dict[str, Counter[int]] = {key: Counter() for key in RoundTally.Question.values}
    for question, value, count in tallies.values_list("question", "value").annotate(sum=Sum("count")):
        found[question][value] = count
    return found


def _spread(counts: Counter[int]) -> list[int]:
    return [counts[value] for value in VALUES]


def has_answered(postmortem: PostMortem, person: User) -> bool:
    """Whether somebody has answered the closing round; what they answered nobody can tell."""
    return RoundParticipation.objects.filter(meeting__postmortem=postmortem, person=person).exists()
