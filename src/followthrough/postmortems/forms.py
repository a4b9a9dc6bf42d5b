"""The form that opens a post-mortem."""

from __future__ import annotations

from typing import Any

from django import forms

from followthrough.core.forms import LineField
from followthrough.incidents.models import Incident


class OpeningForm(forms.Form):
    """The reason is asked for only where neither the rules nor a person asked for a post-mortem yet."""

    reason = LineField(
        label="What you hope to learn", max_length=300, widget=forms.TextInput(attrs={"autofocus": True})
    )

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if incident.review == Incident.Review.NEEDED:
            del self.fields["reason"]
