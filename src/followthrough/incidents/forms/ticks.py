"""Choosing several from a list."""

from __future__ import annotations

from typing import Any

from django import forms

GONE = "One of those you ticked is not in the list any more. The others are still ticked; check them and send this again."
LONGEST_KEY = 18


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes to tick, in a list that scrolls when it is long."""

    template_name = "incidents/ticks.html"


class Ticked(forms.ModelMultipleChoiceField[Any]):
    """Several records as a list; none is looked for where nothing is ticked."""

    widget = Ticks
    default_error_messages = dict.fromkeys(("invalid_choice", "invalid_pk_value", "invalid_list"), GONE)

    def clean(self, value: Any) -> list[Any]:  # type: ignore[override]
        if any(len(str(key)) > LONGEST_KEY for key in value or ()):
            raise forms.ValidationError(GONE)
        chosen = super().clean(value)
        return list(chosen) if value else []
