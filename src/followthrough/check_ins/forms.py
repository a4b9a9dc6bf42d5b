"""Forms of the check-in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from followthrough.check_ins.models import CheckInOutcome
from followthrough.core.forms import LineField, ProseField
from followthrough.people.models import User
from followthrough.scheduling.forms import MeetingTimeForm, choose_from


class CheckInTimeForm(MeetingTimeForm):
    """When the check-in is; its length stays."""

    minutes = None  # type: ignore[assignment]


class NextTimeForm(forms.Form):
    """When the next check-in is, as one of the times that were proposed; empty for the best of them."""

    next_at = forms.DateTimeField(required=False)


class OutcomeForm(forms.Form):
    """What became of an action."""

    outcome = forms.ChoiceField(choices=CheckInOutcome.Outcome)
    note = LineField(required=False, max_length=500)
    proof = LineField(required=False, max_length=500)
    early_reason = LineField(required=False, max_length=300)
    instead = ProseField(required=False, max_length=1000)
    due_on = forms.DateField(required=False)
    owner = forms.ModelChoiceField(User.objects.none(), required=False)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["owner"], people)

    @property
    def first_problem(self) -> str:
        return str(next(iter(self.errors.values()))[0]) if self.errors else ""
