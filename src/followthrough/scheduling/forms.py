"""Forms of the pages around a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from followthrough.core.forms import LineField
from followthrough.core.times import NOT_PLAUSIBLE, is_plausible, is_zone, local
from followthrough.core.typed_moments import read_moment, wall_time
from followthrough.people.models import User
from followthrough.scheduling.meeting_plan import MeetingPlan
from followthrough.scheduling.operations.meeting_times import LENGTHS_MINUTES

_LENGTHS = [(minutes, f"{minutes} minutes") for minutes in LENGTHS_MINUTES]


class MeetingTimeField(forms.CharField):
    """Shows a moment on the clock that it is given on."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value


class MeetingTimeForm(forms.Form):
    """When a meeting is. A time without an offset is on the clock of `zone`."""

    starts_at = MeetingTimeField(
        label="Day and time",
        max_length=60,
        help_text="Such as tomorrow 10:00, Fri 14:30, 3 Dec 10:00 or 2026-12-03 10:00.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    minutes = forms.TypedChoiceField(label="Length", choices=_LENGTHS, coerce=int)
    zone = forms.CharField(label="Time zone", max_length=64)
    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, zones: Iterable[str], **kwargs: Any) -> None:
        """Offers only `zones`, as a list of all takes longer to draw than the rest of the page."""
        super().__init__(*args, **kwargs)
        offered = sorted({"UTC", *zones})
        self.fields["zone"].widget = forms.Select(
            choices=[(zone, zone.replace("_", " ")) for zone in offered]
        )

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if not is_zone(zone):
            raise forms.ValidationError("Choose a time zone from the list.")
        return zone

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
    if said is None and (stamp := read_moment(text)) and stamp.day and not stamp.zone:
        said = wall_time(stamp, now=local(timezone.now(), zone).replace(tzinfo=None), ahead=True)
    if said is None:
        raise forms.ValidationError(
            {"starts_at": "Give the day and the time, such as Fri 14:30 or 2026-12-03 10:00."}
        )
    if not is_plausible(said):
        raise forms.ValidationError({"starts_at": NOT_PLAUSIBLE})
    if said.tzinfo:
        return said.astimezone(UTC)
    moment = said.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != said:
        raise forms.ValidationError(
            {"starts_at": "The clock skips that hour on that day. Choose one before or after it."}
        )
    return moment


def choose_from(field: forms.Field, people: QuerySet[User]) -> None:
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = people


class ScheduleForm(MeetingTimeForm):
    """When the post-mortem's meeting is; says what speaks against a time before it takes it."""

    def __init__(self, *args: Any, plan: MeetingPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plan = plan

    def warning(self) -> str:
        """What speaks against the time, in words; "" for nothing, and once they want it anyway."""
        if not self.is_valid() or self.cleaned_data["anyway"]:
            return ""
        return self._plan.doubts_about(self.cleaned_data["starts_at"], self.cleaned_data["minutes"])


class ReasonForm(forms.Form):
    reason = LineField(label="Why", max_length=300, help_text="Everyone who was asked reads it.")


class InvitationForm(forms.Form):
    """Somebody to ask to the meeting."""

    person = forms.ModelChoiceField(User.objects.none(), label="Person", empty_label="Choose somebody")
    required = forms.BooleanField(label="The meeting waits for them", required=False, initial=True)
    reason = LineField(label="Why", max_length=200, required=False)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["person"], people)


class FacilitatorForm(InvitationForm):
    """Somebody to lead the meeting; the reason is kept where they took part."""

    required = None  # type: ignore[assignment]
    reason = LineField(
        label="Why it has to be them",
        max_length=300,
        required=False,
        help_text="Needed only for somebody who took part in it. The record keeps it.",
    )
