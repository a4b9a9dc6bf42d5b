"""Choosing several from a list."""

from __future__ import annotations

from django import forms


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes to tick, in a list that scrolls when it is long."""

    template_name = "incidents/ticks.html"
