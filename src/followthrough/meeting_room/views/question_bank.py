"""The question bank, kept by administrators."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from followthrough.meeting_room.forms import QuestionForm
from followthrough.meeting_room.operations import question_bank
from followthrough.meeting_room.queries.question_bank import bank, find_question
from followthrough.people.access import PersonRequest, for_administrators


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def questions(request: PersonRequest) -> HttpResponse:
    """The whole bank by phase, and a new question."""
    form = QuestionForm(request.POST or None)
    if form.is_valid():
        question_bank.add_question(**form.cleaned_data, by=request.user)
        return redirect("questions")
    return render(request, "meeting_room/question_bank.html", {"phases": bank(), "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def question(request: PersonRequest, pk: int) -> HttpResponse:
    """One question's words, phase and what of the record answers it."""
    found = find_question(pk)
    form = QuestionForm(request.POST or None, instance=found)
    if form.is_valid():
        question_bank.change_question(find_question(pk), **form.cleaned_data, by=request.user)
        return redirect("questions")
    return render(request, "meeting_room/question.html", {"form": form, "question": found})


@require_POST
@for_administrators
def place(request: PersonRequest, pk: int) -> HttpResponse:
    """One up or one down."""
    question_bank.move_question(find_question(pk), up=request.POST.get("to") == "up", by=request.user)
    return redirect("questions")


@require_POST
@for_administrators
def use(request: PersonRequest, pk: int) -> HttpResponse:
    """On or off."""
    question_bank.use_question(find_question(pk), used=request.POST.get("used") == "yes", by=request.user)
    return redirect("questions")
