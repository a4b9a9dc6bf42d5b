"""What the owner of an action answers, from its page, the first page or the inbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from followthrough.actions import queries
from followthrough.actions.forms import AnswerForm, DateAnswerForm
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import acceptance
from followthrough.actions.reminder_links import asked_for_date
from followthrough.core.errors import DomainError
from followthrough.core.return_address import back_or
from followthrough.people.access import PersonRequest, for_members
from followthrough.people.models import User

CarryOut = Callable[[ActionItem, dict[str, Any], User], str]
"""Does what was answered and says what came of it."""


@require_POST
@for_members
def answer(request: PersonRequest, number: int) -> HttpResponse:
    """Accepts it, proposes another date or hands it back; a refusal is said where the person came from."""
    return _taken(request, queries.find(request.user, number), AnswerForm(request.POST), _carry_out)


@require_POST
@for_members
def date_answer(request: PersonRequest, number: int) -> HttpResponse:
    """Whoever asked the owner agrees to the date that they proposed, or asks for another."""
    return _taken(request, queries.find(request.user, number), DateAnswerForm(request.POST), _answer_date)


def _taken(request: PersonRequest, found: ActionItem, form: Form, carry_out: CarryOut) -> HttpResponse:
    try:
        if form.is_valid():
            messages.success(request, carry_out(found, form.cleaned_data, request.user))
        else:
            messages.error(request, str(next(iter(form.errors.values()))[0]))
    except DomainError as error:
        messages.error(request, error.message)
    return back_or(request, found)


def _carry_out(action: ActionItem, said: dict[str, Any], by: User) -> str:
    if said["answer"] == "hand_back":
        acceptance.hand_back(action, reason=said["reason"], by=by)
        return f"{action.key} is handed back. Whoever gave it to you looks for another owner."
    acceptance.accept(action, due_on=said["due_on"], by=by)
    return asked_for_date(action) if action.awaits_date else f"{action.key} is yours."


def _answer_date(action: ActionItem, said: dict[str, Any], by: User) -> str:
    acceptance.answer_date(action, due_on=said["due_on"], by=by)
    return f"{action.owner} is told: {action.key}, due {action.due_on:%d %B}."
