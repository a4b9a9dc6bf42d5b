"""The page that says which conversation fits."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from followthrough.incidents.chooser import POST_MORTEM, QUESTIONS, advise
from followthrough.incidents.models import Incident
from followthrough.people.access import PersonRequest, for_members


@require_safe
@for_members
def choose(request: PersonRequest) -> HttpResponse:
    """Four questions, answered in the address; the advice says why."""
    answers = {question.name: request.GET.get(question.name, "") for question in QUESTIONS}
    facts = {
        "questions": [(question, answers[question.name]) for question in QUESTIONS],
        "advice": advise(answers),
        "post_mortem": POST_MORTEM,
        "kinds": Incident.Kind.choices,
        "incomplete": any(answers.values()) and not all(answers.values()),
    }
    return render(request, "incidents/choose.html", facts)
