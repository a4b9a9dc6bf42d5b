"""Forms of the pages around a meeting."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.dateparse import parse_datetime

from followthrough.core.times import zone_choices
from followthrough.meetings.operations.scheduling import LENGTHS

_LENGTHS = [(minutes, f"{minutes} minutes") for minutes in LENGTHS]


class MeetingTimeForm(forms.Form):
    """When a meeting is. A time without an offset is on the clock of `zone`."""

    starts_at = forms.CharField(
        label="Day and time",
        max_length=40,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes = forms.TypedChoiceField(label="Length", choices=_LENGTHS, coerce=int)
    zone = forms.ChoiceField(label="Time zone", choices=zone_choices)
    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if "starts_at" in values and "zone" in values:
            values["starts_at"] = _moment(values["starts_at"], values["zone"])
        return values


def _moment(text: str, zone: str) -> datetime:
    """The moment in UTC. ValidationError for what is no time, or one that the clock of `zone` skips."""
    try:
        said = parse_datetime(text)
    except ValueError:
        said = None
    if said is None:
        raise forms.ValidationError({"starts_at": "Give the day and the time."})
    if said.tzinfo:
        return said.astimezone(UTC)
    moment = said.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != said:
        raise forms.ValidationError(
            {"starts_at": "The clock skips that hour on that day. Choose one before or after it."}
        )
    return moment


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Why", max_length=300, help_text="Everyone who was asked reads it.")
