"""Every write to the question bank."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from followthrough.activity.operations import record
from followthrough.core.field_changes import refuse_invalid, set_fields
from followthrough.meetings.models import Question
from followthrough.people.models import User


@transaction.atomic
def add_question(*, phase: str, text: str, by: User, answered_from: str = "", kind: str = "") -> Question:
    """Adds a question at the end of its phase; with `kind` it is asked of that kind of event alone."""
    question = Question(
        phase=phase,
        kind=kind,
        text=text.strip(),
        answered_from=answered_from,
        position=_after_the_last(phase),
    )
    refuse_invalid(question, ("phase", "kind", "text", "answered_from"))
    question.save()
    record(question, "added", by=by)
    return question


@transaction.atomic
def change_question(
    question: Question, *, phase: str, text: str, answered_from: str, by: User, kind: str = ""
) -> Question:
    """Changes a question; in another phase it comes last. Answers that were given stay with it."""
    position = question.position if phase == question.phase else _after_the_last(phase)
    values = {
        "phase": phase,
        "kind": kind,
        "text": text.strip(),
        "answered_from": answered_from,
        "position": position,
    }
    changes = set_fields(question, values)
    refuse_invalid(question, changes)
    if changes:
        question.save()
        record(question, "changed", by=by, changes=changes)
    return question


@transaction.atomic
def use_question(question: Question, *, used: bool, by: User) -> Question:
    """Switches a question on or off; where it was answered it stays to be read."""
    changes = set_fields(question, {"active": used})
    if changes:
        question.save(update_fields=["active"])
        record(question, "changed", by=by, changes=changes)
    return question


@transaction.atomic
def move_question(question: Question, *, up: bool, by: User) -> None:
    """Changes places with the question before it or after it; at the end nothing happens."""
    order = list(Question.objects.select_for_update().filter(phase=question.phase).order_by("position", "pk"))
    at = next(place for place, each in enumerate(order) if each.pk == question.pk)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(order):
        return
    order[at], order[other] = order[other], order[at]
    for position, each in enumerate(order):
        each.position = position
    Question.objects.bulk_update(order, ["position"])
    record(question, "moved", by=by, changes={"position": [at, other]})


def _after_the_last(phase: str) -> int:
    last = Question.objects.filter(phase=phase).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
