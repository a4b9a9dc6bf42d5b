"""Reading the question bank."""

from __future__ import annotations

from django.db.models import QuerySet

from followthrough.core.errors import NotFound
from followthrough.incidents.models import Incident
from followthrough.meetings.models import Question


def bank() -> list[tuple[str, QuerySet[Question]]]:
    """(phase, its questions in their order), also those that are switched off."""
    return [
        (str(label), Question.objects.filter(phase=phase).order_by("position", "pk"))
        for phase, label in Question.Phase.choices
    ]


def asked_of(incident: Incident) -> QuerySet[Question]:
    """Those in use that fit its kind of event."""
    return Question.objects.filter(active=True, kind__in=("", incident.kind))


def find_question(pk: int) -> Question:
    """NotFound where the bank has none of that number."""
    found = Question.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such question.")
    return found
