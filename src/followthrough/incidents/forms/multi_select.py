"""A multi-select field: choosing several from a list."""

from __future__ import annotations

from typing import Any

from django import forms

GONE = "One of those you ticked is not in the list any more. The others are still ticked; check them and send this again."
MAX_KEY_DIGITS = 18


class MultiSelect(forms.CheckboxSelectMultiple):
    """Boxes to tick, in a list that scrolls when it is long."""

    template_name = "incidents/multi_select.html"


class MultiSelectField(forms.ModelMultipleChoiceField[Any]):
    """Several records as a list; none is looked for where nothing is ticked."""

    widget = MultiSelect
    default_error_messages = dict.fromkeys(("invalid_choice", "invalid_pk_value", "invalid_list"), GONE)

    def clean(self, value: Any) -> list[Any]:  # type: ignore[override]
        if any(len(str(key)) > MAX_KEY_DIGITS for key in value or ()):
            raise forms.ValidationError(GONE)
        chosen = super().clean(value)
        return list(chosen) if value else []
