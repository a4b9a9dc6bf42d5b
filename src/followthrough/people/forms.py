"""Forms about people, teams and the ways in."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm
from django import forms
from django.core.validators import EmailValidator
from django.http import HttpRequest

from followthrough.core.forms import ChosenRowsField, LineField, TypedClockField, ZoneField, ZoneSelect
from followthrough.people import operations, throttling
from followthrough.people.models import Team, User
from followthrough.people.setup_code import is_setup_code
from followthrough.people.tasks import mail_password_reset

WEEKDAYS = list(enumerate(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]))


class OwnZoneField(ZoneField):
    """A person's time zone; `guess` lets the page propose the browser's own."""

    def __init__(self, *, guess: bool = False) -> None:
        super().__init__(
            label="Time zone",
            help_text="Times are shown on this clock.",
            widget=ZoneSelect(attrs={"data-guess-zone": ""} if guess else {}),
        )


class NewPasswordField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label="Password",
            help_text="At least twelve characters.",
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        )


class Newcomer(forms.Form):
    """What an invited person says of themselves."""

    name = LineField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = NewPasswordField()
    zone = OwnZoneField(guess=True)


class FirstAdministrator(forms.Form):
    """The set-up page: the code from the terminal, whose organisation it is, and who is there first."""

    code = forms.CharField(
        label="One-time code",
        help_text="It stands in the terminal where Followthrough was started, or in the log of its service.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    organisation = LineField(
        label="Your organisation",
        required=False,
        max_length=80,
        help_text="What invitations say. It can wait.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    name = LineField(
        label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = NewPasswordField()
    zone = OwnZoneField(guess=True)

    def clean_code(self) -> str:
        """The code, if it is the one in the terminal."""
        code: str = self.cleaned_data["code"]
        if not is_setup_code(code):
            raise forms.ValidationError("That is not the code in the terminal. Copy it from there.")
        return code


ADDRESSES_AT_MOST = 50


class OrganisationForm(forms.Form):
    name = LineField(
        max_length=80,
        required=False,
        label="Name of your organisation",
        help_text="Invitations and the page that they open say it.",
    )


class Invite(forms.Form):
    """Whom to invite, as what, into which team; the addresses are pasted as they come."""

    email = forms.CharField(
        label="E-mail addresses",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text="One or many, on lines of their own or with commas between.",
    )
    role = forms.ChoiceField(choices=User.Role.choices, initial=User.Role.MEMBER)
    team = forms.ModelChoiceField(Team.objects.all(), required=False, empty_label="No team yet")

    def clean_email(self) -> list[str]:
        """Each address once, in order; names around them are left out."""
        words = re.split(r"[\s,;]+", self.cleaned_data["email"])
        addresses = [word.strip("<>()\"'").lower() for word in words if "@" in word]
        if not addresses:
            raise forms.ValidationError("Give at least one e-mail address, such as ken@example.org.")
        if len(addresses) > ADDRESSES_AT_MOST:
            raise forms.ValidationError(
                f"{ADDRESSES_AT_MOST} people at once at most. Invite the rest afterwards."
            )
        for address in addresses:
            _check_address(address)
        return list(dict.fromkeys(addresses))


def _check_address(address: str) -> None:
    try:
        EmailValidator()(address)
    except forms.ValidationError as error:
        raise forms.ValidationError(f"“{address}” is no e-mail address. Nobody was invited yet.") from error


class Profile(forms.ModelForm[User]):
    """What somebody may change about themselves."""

    zone = OwnZoneField()
    working_days = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields = [
            "name",
            "title",
            "zone",
            "work_starts",
            "work_ends",
            "working_days",
            "willing_to_facilitate",
        ]
        labels = {
            "title": "What you do",
            "work_starts": "Working hours begin",
            "work_ends": "Working hours end",
            "willing_to_facilitate": "I am willing to facilitate post-mortems of other teams",
        }
        field_classes = {"work_starts": TypedClockField, "work_ends": TypedClockField}

    def clean(self) -> dict[str, Any]:
        """Refuses hours that end before they begin."""
        fields = super().clean() or {}
        starts, ends = fields.get("work_starts"), fields.get("work_ends")
        if starts and ends and ends <= starts:
            self.add_error("work_ends", "Working hours end before they begin. Choose a later end.")
        return fields


class PersonForm(forms.Form):
    """What an administrator decides about a person."""

    role = forms.ChoiceField(choices=User.Role.choices)
    teams = ChosenRowsField(Team.objects.all(), required=False, widget=forms.CheckboxSelectMultiple)
    leads = ChosenRowsField(
        Team.objects.all(), required=False, widget=forms.CheckboxSelectMultiple, label="Leads"
    )

    def clean(self) -> dict[str, Any]:
        """Refuses a lead of a team that the person is not in."""
        fields = super().clean() or {}
        outside = set(fields.get("leads", [])) - set(fields.get("teams", []))
        if outside:
            names = ", ".join(sorted(team.name for team in outside))
            self.add_error("leads", f"Only somebody in the team leads it. Tick {names} under Teams too.")
        return fields


class TeamForm(forms.ModelForm[Team]):
    people = ChosenRowsField(
        User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="Who is in it"
    )
    leads = ChosenRowsField(
        User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="Who leads it"
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        active = User.objects.filter(is_active=True)
        rows = list(self.instance.memberships.all()) if self.instance.pk else []
        for name, keys in (
            ("people", [row.person_id for row in rows]),
            ("leads", [row.person_id for row in rows if row.leads]),
        ):
            self.fields[name].queryset = active  # type: ignore[attr-defined]
            self.initial[name] = keys

    def clean(self) -> dict[str, Any]:
        """Whoever leads it is in it."""
        fields = super().clean() or {}
        fields["people"] = list(dict.fromkeys([*fields.get("people", ()), *fields.get("leads", ())]))
        return fields

    class Meta:
        model = Team
        fields = ["name", "what"]
        labels = {"what": "What it looks after"}


class TokenForm(forms.Form):
    name = LineField(max_length=80, label="What it is for")
    days = forms.ChoiceField(
        label="It works for",
        choices=[("90", "90 days"), ("30", "30 days"), ("365", "a year"), ("never", "until it is revoked")],
        initial="90",
        required=False,
    )

    def clean_days(self) -> int | None:
        """How many days it works for; None: until it is revoked."""
        days = self.cleaned_data["days"] or "90"
        return None if days == "never" else int(days)


class ChangePassword(ChangePasswordForm):  # type: ignore[misc]
    """allauth's, and whether programs are to be shut out too."""

    end_keys = forms.BooleanField(
        required=False,
        label="End my API tokens and my calendar feed too",
        help_text="Tick this if somebody else may know your password.",
    )

    def save(self) -> None:
        """Changes it; every other session ends."""
        facts = self.cleaned_data
        operations.change_password(
            self.user, password=facts["password1"], by=self.user, end_keys=facts["end_keys"]
        )


class AskForReset(forms.Form):
    """Whose password is forgotten; whether there is such an account is looked up by the worker alone."""

    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def save(self, request: HttpRequest) -> str:
        """Queues the mail; too many wishes are let go without a word, so that the answer is always the same."""
        email: str = self.cleaned_data["email"].lower()
        if throttling.take_reset(request, email):
            mail_password_reset.enqueue(email)
        return email


class ResetPassword(ResetPasswordKeyForm):  # type: ignore[misc]
    """allauth's, which also ends what programs get in with."""

    def save(self) -> None:
        """Sets the new password; every session of before ends."""
        operations.reset_password(self.user, password=self.cleaned_data["password1"])
