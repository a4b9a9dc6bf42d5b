"""Answering a reminder from its mail: the page asks, only sending its form acts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from followthrough.actions import reminder_links
from followthrough.actions.forms import people
from followthrough.actions.models import ActionItem
from followthrough.core.errors import DomainError
from followthrough.core.forms import ProseField
from followthrough.people.models import User


class Later(forms.Form):
    days = forms.TypedChoiceField(
        label="Remind me",
        choices=[(1, "tomorrow"), (3, "in three days"), (7, "in a week")],
        coerce=int,
        initial=3,
    )


class Commitment(forms.Form):
    due_on = forms.DateField(label="Done by", widget=forms.DateInput(attrs={"type": "date"}))

    def clean_due_on(self) -> Any:
        """A day ahead."""
        if self.cleaned_data["due_on"] < timezone.localdate():
            raise forms.ValidationError("That day has passed. Choose one ahead.")
        return self.cleaned_data["due_on"]


class Acceptance(forms.Form):
    """Nothing to fill in where the action has a date."""

    def __init__(self, *args: Any, has_date: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not has_date:
            self.fields["due_on"] = Commitment.base_fields["due_on"]


class HandingBack(forms.Form):
    reason = ProseField(
        label="What stands in the way?",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Whoever gave it to you reads this and looks for another owner.",
    )


class HandingOver(forms.Form):
    owner = forms.ModelChoiceField(
        User.objects.none(), label="Who takes it over", empty_label="Choose somebody"
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["owner"].queryset = people()  # type: ignore[attr-defined]


class Declining(forms.Form):
    reason = ProseField(
        label="Why will it not be done?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The reason stays with the action, so that nobody wonders later.",
    )


FORMS: dict[str, type[forms.Form]] = {
    "done": forms.Form,
    "commit": Commitment,
    "later": Later,
    "hand-over": HandingOver,
    "decline": Declining,
    "other-date": Commitment,
    "hand-back": HandingBack,
}


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str, way: str) -> HttpResponse:
    """The signature says who answers, so that nobody has to sign in on their phone for it."""
    asked = reminder_links.read(token)
    reminder_links.refuse_impossible(asked, way)
    possible = reminder_links.ways(asked.action)
    form = _form(request, asked.action, way)
    done = ""
    if request.method == "POST" and form.is_valid():
        try:
            done = reminder_links.answer(asked, way, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    context = {
        "action": asked.action,
        "person": asked.person,
        "form": form,
        "done": done,
        "words": possible[way],
        "others": [(words, other) for other, words in possible.items() if other != way],
        "token": token,
    }
    return render(request, "actions/answer.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, action: ActionItem, way: str) -> forms.Form:
    given = request.POST if request.method == "POST" else None
    if way == "accept":
        return Acceptance(given, has_date=action.due_on is not None)
    return FORMS[way](given)
