"""What the owner of an action answers, from its page, the first page or the inbox."""

from __future__ import annotations

from django.contrib import messages
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


@require_POST
@for_members
def answer(request: PersonRequest, number: int) -> HttpResponse:
    """Accepts it, proposes another date or hands it back; a refusal is said where the person came from."""
    found = queries.find(request.user, number)
    form = AnswerForm(request.POST)
    try:
        if form.is_valid():
            messages.success(request, _carry_out(found, form, request))
        else:
            messages.error(request, str(next(iter(form.errors.values()))[0]))
    except DomainError as error:
        messages.error(request, error.message)
    return back_or(request, found)


def _carry_out(action: ActionItem, form: AnswerForm, request: PersonRequest) -> str:
    if form.cleaned_data["answer"] == "hand_back":
        acceptance.hand_back(action, reason=form.cleaned_data["reason"], by=request.user)
        return f"{action.key} is handed back. Whoever gave it to you looks for another owner."
    acceptance.accept(action, due_on=form.cleaned_data["due_on"], by=request.user)
    return asked_for_date(action) if action.awaits_date else f"{action.key} is yours."


@require_POST
@for_members
def date_answer(request: PersonRequest, number: int) -> HttpResponse:
    """Whoever asked the owner agrees to the date that they proposed, or asks for another."""
    found = queries.find(request.user, number)
    form = DateAnswerForm(request.POST)
    try:
        if form.is_valid():
            acceptance.answer_date(found, due_on=form.cleaned_data["due_on"], by=request.user)
            messages.success(request, f"{found.owner} is told: {found.key}, due {found.due_on:%d %B}.")
        else:
            messages.error(request, str(form.errors["due_on"][0]))
    except DomainError as error:
        messages.error(request, error.message)
    return back_or(request, found)
