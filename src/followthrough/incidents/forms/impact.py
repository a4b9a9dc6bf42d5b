"""The impact's numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings

from followthrough.incidents.forms.multi_select import MultiSelect
from followthrough.incidents.models import Impact


class ImpactForm(forms.ModelForm[Impact]):
    """What the incident did; `estimates` ticks the numbers that are estimates."""

    NUMBERS = (
        "users_affected", "share_of_requests", "revenue_lost", "support_contacts", "objective_minutes",
        "people", "hours_each", "cost_per_hour", "schedule_days", "cost",
    )  # fmt: skip

    MONEY = ("revenue_lost", "cost_per_hour", "cost")

    OF_OUTAGES = (
        "users_affected", "share_of_requests", "support_contacts", "objective_minutes", "revenue_lost",
        "data_lost",
    )  # fmt: skip
    OF_OTHERS = ("scope", "schedule_days", "cost")

    base = forms.IntegerField(required=False, widget=forms.HiddenInput)
    estimates = forms.MultipleChoiceField(
        label="These numbers are estimates", required=False, widget=MultiSelect, choices=[]
    )

    class Meta:
        model = Impact
        exclude = ("incident", "version")  # noqa: DJ006 - the form shows every fact of the impact
        labels = {
            "share_of_requests": "Share of requests that failed (%)",
            "objective_minutes": "Minutes of error budget used",
            "people": "People who worked on it",
            "hours_each": "Hours each",
            "cost_per_hour": "Cost of an hour",
            "schedule_days": "Later than planned by (days; below nought if early)",
            "cost": "Cost beyond the plan",
            "data_lost": "What data was lost",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other = self.OF_OTHERS if self.instance.incident.is_outage else self.OF_OUTAGES
        for name in other:
            del self.fields[name]
        for name in self.fields.keys() & set(self.MONEY):
            self.fields[name].label = f"{self.fields[name].label} ({settings.CURRENCY})"
        labels = [(name, str(self.fields[name].label)) for name in self.NUMBERS if name in self.fields]
        self.fields["estimates"].choices = labels  # type: ignore[attr-defined]

    def clean_share_of_requests(self) -> Decimal | None:
        share: Decimal | None = self.cleaned_data["share_of_requests"]
        if share is not None and share > 100:
            raise forms.ValidationError("No more than 100 % of requests can fail.")
        return share

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "base"}
