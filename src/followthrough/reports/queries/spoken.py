"""What was said in the meeting beside the record: answers to its questions, and what was parked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field

from followthrough.core.errors import NotFound
from followthrough.meetings import queries as meetings
from followthrough.meetings.models import Answer, ParkedItem
from followthrough.postmortems.models import PostMortem
from followthrough.reports.anonymisation import Pseudonym, as_written
from followthrough.reports.answer_sections import section_of
from followthrough.reports.models import Summary
from followthrough.reports.report import Answered, Parked


@dataclass(frozen=True)
class Spoken:
    """Answers by section, those to one question beside each other, and what was parked, in the order of the meeting."""

    answers: dict[str, list[Answered]] = field(default_factory=dict)
    parked: list[Parked] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(map(len, self.answers.values())) + len(self.parked)


def spoken_in(
    postmortem: PostMortem, rename: Pseudonym, *, blameless: bool, without: Container[str] = ()
) -> Spoken:
    """Everything that was said but for the keys `without`; three queries."""
    answers: dict[str, list[Answered]] = defaultdict(list)
    for row in meetings.answers_of(postmortem):
        if str(row.pk) not in without:
            section = section_of(row.question.phase, row.question.text)
            by = "" if blameless or row.author is None else str(row.author)
            answers[section].append(
                Answered(id=str(row.pk), question=row.question.text, text=rename(row.text), by=by)
            )
    parked = [
        Parked(id=str(row.pk), text=rename(row.text), settled=row.settled_at is not None)
        for row in meetings.parked_in(postmortem)
        if str(row.pk) not in without
    ]
    return Spoken(answers, parked)


def find_said(postmortem: PostMortem, key: str) -> Answer | ParkedItem:
    """The answer or parked item with that key. NotFound where the post-mortem has none such."""
    for model in (Answer, ParkedItem):
        found = model._default_manager.filter(postmortem=postmortem, pk=key, removed_at=None).first()
        if found is not None:
            return found
    raise NotFound("That was not said in this meeting, or it has been removed since. Nothing was changed.")


def left_out_of(summary: Summary) -> Spoken:
    """What the summary does not show, for whoever may show it again."""
    everything = spoken_in(summary.postmortem, as_written, blameless=summary.blameless)
    kept = frozenset(summary.left_out)
    answers = {name: [row for row in rows if row.id in kept] for name, rows in everything.answers.items()}
    return Spoken(answers, [row for row in everything.parked if row.id in kept])


def settled_now(postmortem: PostMortem) -> dict[str, bool]:
    """{key: whether it is settled} of what is parked, removed items too."""
    rows = ParkedItem.objects.filter(postmortem=postmortem).values_list("pk", "settled_at")
    return {str(key): settled_at is not None for key, settled_at in rows}
