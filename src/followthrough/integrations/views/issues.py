"""An action's issues: linking one by its address, looking again, letting go."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from followthrough.actions import queries as actions
from followthrough.core.errors import DomainError
from followthrough.integrations.forms import IssueForm
from followthrough.integrations.operations import linking
from followthrough.integrations.operations.connections import send_again
from followthrough.integrations.queries.linking import find_link
from followthrough.people.access import PersonRequest, for_members


@require_POST
@for_members
def issues(request: PersonRequest, number: int) -> HttpResponse:
    """Links the issue behind an address."""
    found = actions.find(request.user, number)
    form = IssueForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Give the address of an issue, whole as the browser shows it there.")
        return redirect(found)
    try:
        linking.link_address(found, address=form.cleaned_data["address"], by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Linked. What it says there stands here in a moment.")
    return redirect(found)


@require_POST
@for_members
def issue_removal(request: PersonRequest, number: int, key: UUID) -> HttpResponse:
    """Both go their own ways from now on."""
    found = actions.find(request.user, number)
    linking.unlink(find_link(found, key), by=request.user)
    messages.success(request, "Unlinked. The action and the issue are both kept as they are.")
    return redirect(found)


@require_POST
@for_members
def issue_look(request: PersonRequest, number: int, key: UUID) -> HttpResponse:
    """Looks how it stands there, now."""
    found = actions.find(request.user, number)
    send_again(find_link(found, key), by=request.user)
    messages.success(request, "The worker looks how it stands there.")
    return redirect(found)
