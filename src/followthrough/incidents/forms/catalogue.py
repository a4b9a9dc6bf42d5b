"""Forms of the service catalogue and of the settings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from followthrough.core.forms import ChosenRowsField, LineField
from followthrough.incidents.forms.multi_select import MultiSelect
from followthrough.incidents.models import ReviewRule, Service, Severity
from followthrough.incidents.operations.catalogue import BOUNDED, NEEDS_NUMBER


class ServiceForm(forms.ModelForm[Service]):
    """One entry of the catalogue."""

    tier = forms.IntegerField(
        min_value=1, max_value=5, initial=2, help_text="1 is what customers cannot do without."
    )

    class Meta:
        model = Service
        fields = ("name", "what", "owner", "tier", "objective", "revenue_per_hour", "depends_on")
        labels = {"what": "What it does", "owner": "Owner team", "depends_on": "Depends on"}
        widgets = {"depends_on": MultiSelect}
        field_classes = {"depends_on": ChosenRowsField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Service.objects.exclude(pk=self.instance.pk).filter(retired_at=None)
        self.fields["depends_on"].queryset = others  # type: ignore[attr-defined]

    def clean_objective(self) -> Any:
        objective = self.cleaned_data["objective"]
        if objective is not None and not 0 < objective <= 100:
            raise forms.ValidationError("Give a per cent of the month between 0 and 100, such as 99.9.")
        return objective


class SeverityForm(forms.ModelForm[Severity]):
    """A severity: what it means and when its post-mortem is held."""

    class Meta:
        model = Severity
        fields = ("name", "rank", "meaning", "window_opens_hours", "window_closes_hours", "meeting_minutes")
        labels = {
            "rank": "Rank (1 is the gravest)",
            "window_opens_hours": "The meeting's window opens after (hours)",
            "window_closes_hours": "and closes after (hours)",
            "meeting_minutes": "Length of the meeting (minutes)",
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        opens, closes = values.get("window_opens_hours"), values.get("window_closes_hours")
        if opens is not None and closes is not None and closes <= opens:
            self.add_error("window_closes_hours", "The window must close after it opens.")
        return values


class RuleForm(forms.ModelForm[ReviewRule]):
    """Whether a rule counts, and its bound."""

    class Meta:
        model = ReviewRule
        fields = ("active", "threshold")
        labels = {"active": "This rule counts"}

    def __init__(self, *args: Any, severities: Iterable[Severity] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bounds = {
            ReviewRule.Fact.SEVERITY: {row.rank: row.name for row in severities},
            ReviewRule.Fact.CUSTOMER_IMPACT: {1: "some or many", 2: "many"},
        }.get(ReviewRule.Fact(self.instance.fact))
        if bounds:
            if self.instance.threshold:
                bounds.setdefault(self.instance.threshold, f"rank {self.instance.threshold}")
            self.fields["threshold"].widget = forms.Select(choices=sorted(bounds.items()))

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("active") and values.get("threshold") is None and self.instance.fact in BOUNDED:
            self.add_error("threshold", NEEDS_NUMBER)
        return values


class NameForm(forms.Form):
    """One name: of a tag, or of a hook."""

    name = LineField(max_length=60)
