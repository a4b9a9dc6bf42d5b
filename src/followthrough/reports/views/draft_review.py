"""The review of a draft: asking, agreeing, commenting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from followthrough.core.errors import DomainError
from followthrough.people.access import PersonRequest, for_members
from followthrough.reports.forms import CommentForm, ReviewersForm
from followthrough.reports.operations import draft_review as operations
from followthrough.reports.queries.draft_review import find_comment, possible_reviewers
from followthrough.reports.views.finding import find_summary


@require_POST
@for_members
def review(request: PersonRequest, incident: int) -> HttpResponse:
    """Sends the draft to those who were chosen, or to everybody who took part."""
    row = find_summary(request.user, incident)
    form = ReviewersForm(request.POST, possible=possible_reviewers(row))
    if not form.is_valid():
        raise DomainError("Choose whom to ask from those who took part. Nobody was asked yet.")
    people = form.cleaned_data["person"] if "chosen" in request.POST else None
    operations.submit(row, by=request.user, people=people)
    messages.success(request, "They were asked to read the draft.")
    return _back(incident)


@require_POST
@for_members
def agreement(request: PersonRequest, incident: int) -> HttpResponse:
    """Somebody agrees to the draft, or takes that back."""
    row = find_summary(request.user, incident)
    operations.agree(row, agreed=request.POST.get("agreed") != "no", by=request.user)
    return _back(incident)


@require_POST
@for_members
def comments(request: PersonRequest, incident: int) -> HttpResponse:
    """A comment on a section, or on all of it."""
    row = find_summary(request.user, incident)
    form = CommentForm(request.POST)
    if not form.is_valid():
        raise DomainError("Write the comment in up to 2,000 characters. Nothing was kept.")
    operations.comment(row, **form.cleaned_data, by=request.user)
    return _back(incident)


@require_POST
@for_members
def settlement(request: PersonRequest, incident: int, comment: int) -> HttpResponse:
    """A comment was dealt with, or is open again."""
    said = find_comment(find_summary(request.user, incident), comment)
    operations.settle(said, settled=request.POST.get("settled") != "no", by=request.user)
    return _back(incident)


def _back(incident: int) -> HttpResponse:
    return redirect(f"/incidents/INC-{incident}/summary/#review")
