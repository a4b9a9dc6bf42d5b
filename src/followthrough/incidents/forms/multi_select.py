"""A multi-select field: choosing several from a list."""

from __future__ import annotations

from typing import Any

from django import forms

from followthrough.core.forms import ChosenRowsField

GONE = "One of those you ticked is not in the list any more. The others are still ticked; check them and send this again."


class MultiSelect(forms.CheckboxSelectMultiple):
    """Boxes to tick, in a list that scrolls when it is long."""

    template_name = "incidents/multi_select.html"


class MultiSelectField(ChosenRowsField):
    """Several records as a list; none is looked for where nothing is ticked."""

    widget = MultiSelect
    default_error_messages = dict.fromkeys(("invalid_choice", "invalid_pk_value", "invalid_list"), GONE)

    def clean(self, value: Any) -> list[Any]:  # type: ignore[override]
        chosen = super().clean(value)
        return list(chosen) if value else []
