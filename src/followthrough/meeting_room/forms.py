"""Forms of the question bank and of the pre-read."""

from __future__ import annotations

from django import forms

from followthrough.core.forms import ProseField
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


class QuestionForm(forms.ModelForm[Question]):
    """A question of the bank."""

    class Meta:
        model = Question
        fields = ("phase", "text", "answered_from")
        labels = {"text": "Question"}
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    phase = forms.ChoiceField(choices=Question.Phase.choices)
    answered_from = forms.ChoiceField(
        label="What of the record answers it",
        choices=[("", "Nothing: people answer it"), *Question.AnsweredFrom.choices],
        required=False,
    )
