"""What narrows the figures; all of it stands in the address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from followthrough.incidents.forms.filter_fields import service_field, severity_field, team_field
from followthrough.insights.choice import PERIODS, USUAL, Choice


class InsightFilters(forms.Form):
    period = forms.ChoiceField(
        label="Period",
        required=False,
        choices=[(key, f"Last {name}") for key, name in PERIODS.items()],
        initial=USUAL,
    )
    team = team_field("All teams")
    service = service_field("All services")
    severity = severity_field("All severities")

    def choice(self, until: datetime) -> Choice:
        """What was chosen; what is not understood counts as not chosen."""
        self.is_valid()
        given: dict[str, Any] = getattr(self, "cleaned_data", {})
        months = int(given.get("period") or USUAL)
        return Choice(months, until, given.get("team"), given.get("service"), given.get("severity"))
