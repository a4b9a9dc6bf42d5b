"""Forms of the question bank and of the pre-read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from followthrough.core.forms import ProseField, TypedMomentField
from followthrough.incidents.models import Incident
from followthrough.meetings.models import Question


class ObservationForm(forms.Form):
    text = ProseField(
        label="Something you saw or wonder about",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )
    anonymous = forms.BooleanField(
        label="Without my name",
        required=False,
        help_text="Nobody can see who wrote it, and neither can the record.",
    )


class CorrectionForm(forms.Form):
    """One correction: `what` is done, to the record `key` as it was at version `base`."""

    what = forms.ChoiceField()
    key = forms.UUIDField(required=False)
    parent = forms.UUIDField(required=False)
    base = forms.IntegerField(required=False)
    text = ProseField(max_length=4000, required=False)
    kind = forms.CharField(max_length=20, required=False)
    happened_at = TypedMomentField(required=False)

    def __init__(self, *args: Any, choices: Iterable[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["what"].choices = [(one, one) for one in choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Whatever is not added is something that is there."""
        said = super().clean() or {}
        if not str(said.get("what", "add")).startswith("add") and said.get("key") is None:
            raise forms.ValidationError("this is no longer on the page. Load it again.")
        return said

    @property
    def first_problem(self) -> str:
        return str(next(iter(self.errors.values()))[0]) if self.errors else ""


class QuestionForm(forms.ModelForm[Question]):
    """A question of the bank."""

    class Meta:
        model = Question
        fields = ("phase", "kind", "text", "answered_from")
        labels = {"text": "Question"}
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    phase = forms.ChoiceField(choices=Question.Phase.choices)
    kind = forms.ChoiceField(
        label="Asked of", choices=[("", "Every kind of event"), *Incident.Kind.choices], required=False
    )
    answered_from = forms.ChoiceField(
        label="What of the record answers it",
        choices=[("", "Nothing: people answer it"), *Question.AnsweredFrom.choices],
        required=False,
    )
