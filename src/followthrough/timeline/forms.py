"""What the timeline's pages send."""

from __future__ import annotations

from django import forms

from followthrough.core.forms import LineField
from followthrough.core.times import is_zone


class EvidenceForm(forms.Form):
    id = forms.UUIDField(required=False)
    entry = forms.UUIDField()
    file = forms.FileField(allow_empty_file=False)
    title = LineField(max_length=200, required=False)


class PasteForm(forms.Form):
    """A pasted text, or a file in its place."""

    text = forms.CharField(required=False, strip=False)
    file = forms.FileField(required=False)
    zone = forms.CharField(max_length=64, required=False)
    day = forms.DateField(required=False)
    order = forms.ChoiceField(
        required=False, choices=[("", ""), ("day", "day first"), ("month", "month first")]
    )

    def clean_order(self) -> bool | None:
        """Whether 05/06 begins with its day; None leaves it to the log."""
        order = self.cleaned_data["order"]
        return order == "day" if order else None

    def clean_zone(self) -> str:
        zone = str(self.cleaned_data["zone"])
        if zone and not is_zone(zone):
            raise forms.ValidationError("There is no such time zone. Choose one from the list.")
        return zone
