"""Forms about calendars."""

from __future__ import annotations

from typing import Any

from django import forms

from followthrough.calendars import queries
from followthrough.calendars.models import BusyCalendar
from followthrough.core.forms import LineField


class SecretField(forms.CharField):
    """Something that is typed in and never shown again."""

    def __init__(self, **settings: Any) -> None:
        attributes = {"autocomplete": "off", "spellcheck": "false"}
        super().__init__(strip=False, widget=forms.PasswordInput(attrs=attributes), **settings)


class AddressForm(forms.Form):
    """A calendar that can be read by a secret address."""

    kind = BusyCalendar.Kind.ADDRESS
    name = LineField(max_length=80, initial="Work", label="What you call it")
    address = forms.CharField(
        max_length=2000,
        label="Secret address",
        help_text="Google: Settings › your calendar › Secret address in iCal format. Outlook: Settings ›"
        " Shared calendars › Publish. Apple: share the calendar publicly.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )


class AccountForm(forms.Form):
    """A CalDAV account; its calendars are found by themselves."""

    kind = BusyCalendar.Kind.ACCOUNT
    name = LineField(max_length=80, initial="Work", label="What you call it")
    address = forms.CharField(
        max_length=2000,
        label="Server",
        help_text="Such as cloud.example.org, or the address of one calendar.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )
    username = forms.CharField(max_length=200, label="User name")
    password = SecretField(max_length=500, label="Password", help_text="Best one made for this alone.")


class TeamCalendarForm(forms.Form):
    """The CalDAV calendar that a team's meetings are put into."""

    address = AccountForm.base_fields["address"]
    username = AccountForm.base_fields["username"]
    password = AccountForm.base_fields["password"]


class HolidaysForm(forms.Form):
    """Whose public holidays are kept; regions are offered once the country is known."""

    country = forms.ChoiceField(required=False)
    region = forms.ChoiceField(required=False)

    def __init__(self, data: Any = None, *, country: str, region: str, nobody: str) -> None:
        super().__init__(data, initial={"country": country, "region": region}, prefix="holidays")
        chosen = data.get("holidays-country", country) if data else country
        known = queries.countries()
        self.fields["country"].choices = [("", nobody), *known]  # type: ignore[attr-defined]
        names = queries.regions(chosen) if chosen in dict(known) else []
        self.fields["region"].choices = [("", "The whole country"), *names]  # type: ignore[attr-defined]
        if not names:
            del self.fields["region"]
        if data and chosen != country:
            self.fields.pop("region", None)
