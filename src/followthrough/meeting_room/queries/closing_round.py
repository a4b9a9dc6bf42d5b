"""What the closing round says: this meeting's answers beside those of the meetings before."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from followthrough.meetings.models import Meeting, RoundParticipation, RoundTally
from followthrough.meetings.queries import current
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem

MIN_ANSWERS = 3
"""With fewer answers somebody could be recognised by theirs, so none are shown."""
ENDS_AFTER = timedelta(days=1)
"""Since the meeting ended; sooner once everybody who was there has answered."""
VALUES = range(1, 6)


def closing_round(number: int) -> dict[str, Any]:
    """{answered, fewest, over, questions: [{key, text, counts or null, before}]}; counts from 1 (no) to 5 (very much)."""
    meeting = current(number)
    answered = RoundParticipation.objects.filter(meeting=meeting).count()
    over = meeting is not None and is_over(meeting)
    shown = over and answered >= MIN_ANSWERS
    now = _counted(RoundTally.objects.filter(meeting=meeting))
    before = _counted(RoundTally.objects.filter(meeting__in=_shown_by_now().exclude(postmortem=number)))
    return {
        "answered": answered,
        "fewest": MIN_ANSWERS,
        "over": over,
        "questions": [
            {
                "key": key,
                "text": text,
                "counts": _spread(now[key]) if shown else None,
                "before": _spread(before[key]),
            }
            for key, text in RoundTally.Question.choices
        ],
    }


def is_over(meeting: Meeting) -> bool:
    """Whether no answer is taken any more. Only then are counts shown: from counts that grow, what each of the later
    ones said could be read. Nobody who is noted as present afterwards opens it again."""
    if meeting.state != Meeting.State.HELD:
        return False
    if meeting.ended_at is None or meeting.ended_at + ENDS_AFTER <= timezone.now():
        return True
    given = RoundParticipation.objects.filter(meeting=meeting)
    present = meeting.attendances.filter(at__lte=meeting.ended_at)
    silent = present.exclude(person__in=given.values("person"))
    return given.count() >= MIN_ANSWERS and not silent.exists()


def _shown_by_now() -> QuerySet[Meeting]:
    ended = Q(ended_at=None) | Q(ended_at__lte=timezone.now() - ENDS_AFTER)
    enough = (
        RoundParticipation.objects.values("meeting")
        .annotate(given=Count("pk"))
        .filter(given__gte=MIN_ANSWERS)
    )
    return Meeting.objects.filter(ended, state=Meeting.State.HELD, pk__in=enough.values("meeting"))


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
