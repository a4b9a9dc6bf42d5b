"""What people may send to a summary."""

from __future__ import annotations

from django import forms

from followthrough.core.forms import LineField, ProseField
from followthrough.reports.operations import LINK_DAYS
from followthrough.reports.queries.prose import TITLES


class ProseForm(forms.Form):
    section = forms.ChoiceField(choices=list(TITLES.items()))
    text = ProseField(required=False, max_length=50_000, widget=forms.Textarea)
    base = forms.IntegerField(required=False)


class ShownForm(forms.Form):
    """`place` is where the page is looked at again."""

    key = forms.UUIDField()
    place = forms.ChoiceField(choices=[*TITLES.items(), ("parked", "Parked")], required=False)
    shown = forms.TypedChoiceField(
        choices=[("yes", "Show"), ("no", "Leave out")], coerce=lambda word: word == "yes"
    )


class LinkForm(forms.Form):
    days = forms.ChoiceField(
        label="The link works for",
        choices=[("30", "30 days"), ("7", "7 days"), ("90", "90 days"), ("revoked", "until it is revoked")],
        required=False,
    )

    def clean_days(self) -> int | None:
        """Days, or None for a link without an end."""
        said = self.cleaned_data["days"] or LINK_DAYS
        return None if said == "revoked" else int(said)


class FeedbackForm(forms.Form):
    useful = forms.TypedChoiceField(choices=[("yes", "Yes"), ("no", "No")], coerce=lambda word: word == "yes")
    comment = LineField(required=False, max_length=500)
