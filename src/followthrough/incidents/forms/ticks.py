"""Choosing several from a list."""

from __future__ import annotations

from typing import Any

from django import forms


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes to tick, in a list that scrolls when it is long."""

    template_name = "incidents/ticks.html"


class Ticked(forms.ModelMultipleChoiceField[Any]):
    """Several records as a list; none is looked for where nothing is ticked."""

    widget = Ticks

    def clean(self, value: Any) -> list[Any]:  # type: ignore[override]
        chosen = super().clean(value)
        return list(chosen) if value else []
