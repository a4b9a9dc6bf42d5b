"""The page of one action, and what can be done on it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followthrough.actions import operations, queries, transitions
from followthrough.actions.forms import ActionForm, CollaboratorForm, LinkForm
from followthrough.actions.models import ActionItem
from followthrough.actions.queries import action_history
from followthrough.actions.queries.holding import judged_from
from followthrough.actions.queries.proposed_dates import may_answer_date
from followthrough.actions.views.wording_check import check_of
from followthrough.core.errors import Conflict, DomainError
from followthrough.core.panels import render_panels
from followthrough.core.return_address import back_or
from followthrough.people.access import PersonRequest, for_members
from followthrough.people.models import User

S = ActionItem.State
WAY = (S.PROPOSED, S.COMMITTED, S.IN_PROGRESS, S.DONE, S.VERIFIED)


@require_safe
@for_members
def action(request: PersonRequest, number: int) -> HttpResponse:
    """Everything about one action."""
    found = queries.find(request.user, number)
    return render(
        request,
        "actions/action.html",
        {
            "action": found,
            "way": WAY,
            "passed": WAY.index(S(found.state)) if found.state in WAY else -1,
            "steps": transitions.possible(found, request.user),
            "may_answer_date": found.awaits_date and may_answer_date(found, request.user),
            "is_yours": found.owner_id == request.user.pk,
            "acceptance": queries.acceptance_of(queries.actions_of(found.postmortem)),
            "load": _load_of(found, request.user),
            "judged_from": _judged_from(found),
            "successors": found.successors.filter(removed_at=None).order_by("number")
            if found.failed_at
            else (),
            "check": None if found.wording_accepted_by_id else check_of(found, found.text),
            "link_form": LinkForm(),
            "collaborator_form": CollaboratorForm(found),
            "history": action_history.of(found),
            "panels": render_panels("action.main", request, found),
            "side_panels": render_panels("action.side", request, found),
        },
    )


@require_POST
@for_members
def state(request: PersonRequest, number: int) -> HttpResponse:
    """Takes one step; a refusal is said where the person came from."""
    found = queries.find(request.user, number)
    try:
        said = {name: request.POST.get(name, "") for name in ("reason", "proof", "early_reason")}
        transitions.take(found, to=request.POST.get("to", ""), by=request.user, **said)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{found.key} is now {found.state_words.lower()}.")
    return back_or(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def editing(request: PersonRequest, number: int) -> HttpResponse:
    """Changes text, owner, date, kind and priority; where somebody was faster, both texts are shown."""
    found = queries.find(request.user, number)
    form = ActionForm(found, request.POST if request.method == "POST" else None)
    theirs = None
    if form.is_valid():
        try:
            operations.change_action(found, by=request.user, base=form.cleaned_data["base"], **form.values())
        except Conflict as error:
            theirs = error.current["text"]
            form = form.rebased(found)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect(found)
    status = 409 if theirs is not None else 422 if form.is_bound and form.errors else 200
    panels = render_panels("action.owner", request, found.postmortem)
    context = {"action": found, "form": form, "theirs": theirs, "panels": panels}
    return render(request, "actions/edit.html", context, status=status)


@require_POST
@for_members
def links(request: PersonRequest, number: int) -> HttpResponse:
    """Adds a link to where the work is done."""
    found = queries.find(request.user, number)
    try:
        operations.add_link(
            found, url=request.POST.get("url", ""), title=request.POST.get("title", ""), by=request.user
        )
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(found)


@require_POST
@for_members
def link_removal(request: PersonRequest, number: int, key: UUID) -> HttpResponse:
    found = queries.find(request.user, number)
    operations.remove_link(get_object_or_404(found.links, pk=key), by=request.user)
    return redirect(found)


@require_POST
@for_members
def collaborators(request: PersonRequest, number: int) -> HttpResponse:
    """Makes somebody a collaborator."""
    found = queries.find(request.user, number)
    form = CollaboratorForm(found, request.POST)
    try:
        if form.is_valid():
            operations.share_with(found, form.cleaned_data["person"], by=request.user)
        else:
            messages.error(request, "Choose somebody from the list.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(found)


@require_POST
@for_members
def collaborator_removal(request: PersonRequest, number: int, person: int) -> HttpResponse:
    found = queries.find(request.user, number)
    operations.stop_sharing_with(found, get_object_or_404(found.collaborators, pk=person), by=request.user)
    return redirect(found)


@require_POST
@for_members
def removal(request: PersonRequest, number: int) -> HttpResponse:
    """Removes the action and offers to bring it back."""
    found = queries.find(request.user, number)
    operations.remove_action(found, by=request.user)
    undo = render_to_string("actions/undo.html", {"action": found, "csrf_token": get_token(request)})
    messages.success(request, mark_safe(undo))  # noqa: S308 - drawn by a template that escapes
    return redirect("actions")


@require_POST
@for_members
def restoration(request: PersonRequest, number: int) -> HttpResponse:
    found = queries.find_removed(request.user, number)
    operations.restore_action(found, by=request.user)
    messages.success(request, f"{found.key} is back.")
    return redirect(found)


def _judged_from(action: ActionItem) -> datetime | None:
    """From when on it can be judged; None where that has passed or it is not done."""
    moment = judged_from(action) if action.state == S.DONE else None
    return moment if moment and moment > timezone.now() else None


def _load_of(action: ActionItem, user: User) -> queries.Load | None:
    """What its owner has open, as far as `user` may see."""
    if action.owner is None:
        return None
    return queries.load_of([action.owner], among=queries.visible_to(user))[action.owner.pk]
