"""What people fill in about connections: accounts, rules, who is who there, an issue's address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.http import QueryDict

from followthrough.actions.forms import people
from followthrough.actions.models import ActionItem
from followthrough.core.forms import LineField
from followthrough.incidents.models import Service, Severity
from followthrough.integrations.models import TargetRule, TrackerConnection
from followthrough.integrations.tracker_contract import FieldSpec, Tracker
from followthrough.people.models import Team, User

LONGEST_SETTING = 2_000
_ANY = "Any"


class ConnectionForm(forms.Form):
    """The fields that a tracker asks for; secrets that are there already are never shown, and may be left empty."""

    name = LineField(label="Called", max_length=80, help_text="As people here call it, such as GitHub, acme.")
    closes_declined = forms.BooleanField(
        label="Close the issue there when an action is declined here", required=False, initial=True
    )

    def __init__(
        self, tracker: Tracker, data: QueryDict | None = None, connection: TrackerConnection | None = None
    ) -> None:
        start: dict[str, Any] = {"name": tracker.name}
        if connection:
            start = {"name": connection.name, "closes_declined": connection.closes_declined}
            start |= connection.options
        super().__init__(data, initial=start)
        self.tracker = tracker
        for field in tracker.settings:
            widget = forms.PasswordInput(attrs={"autocomplete": "off"}) if field.secret else forms.TextInput()
            is_kept = field.secret and connection is not None
            self.fields[field.name] = LineField(
                label=field.label,
                help_text="Leave it empty to keep the one that is there." if is_kept else field.help,
                max_length=LONGEST_SETTING,
                required=field.required and not is_kept,
                initial=field.initial,
                widget=widget,
            )
        self.order_fields(["name", *(field.name for field in tracker.settings)])

    def values(self) -> dict[str, str]:
        return {field.name: self.cleaned_data[field.name] for field in self.tracker.settings}


class RuleForm(forms.Form):
    """Which actions go where; what is left open takes all."""

    target = LineField(max_length=200)
    is_private = forms.BooleanField(
        label="Only people who may see restricted incidents read it: theirs go there", required=False
    )
    team = forms.ModelChoiceField(Team.objects.all(), required=False, empty_label=_ANY)
    service = forms.ModelChoiceField(Service.objects.all(), required=False, empty_label=_ANY)
    severity = forms.ModelChoiceField(Severity.objects.all(), required=False, empty_label=_ANY)
    kind = forms.ChoiceField(choices=[("", _ANY), *ActionItem.Kind.choices], required=False)

    def __init__(self, tracker: Tracker, rule: TargetRule | None, data: QueryDict | None = None) -> None:
        super().__init__(data, prefix="rule")
        self.fields["target"].label = tracker.target_label
        self.fields["target"].help_text = tracker.target_help
        self.extra = list(_wanted(tracker, rule))
        for spec in self.extra:
            self.fields[f"extra-{spec.name}"] = _field_of(spec)

    def values(self) -> dict[str, Any]:
        given = {spec.name: self.cleaned_data[f"extra-{spec.name}"] for spec in self.extra}
        names = ("target", "is_private", "team", "service", "severity", "kind")
        return {name: self.cleaned_data[name] for name in names} | {
            "extra": {name: value for name, value in given.items() if value}
        }


def _wanted(tracker: Tracker, rule: TargetRule | None) -> Iterator[FieldSpec]:
    """What every rule may fill in, and what the target of `rule` was found to want."""
    yield from tracker.extra
    for name, label, choices in rule.required if rule else ():
        yield FieldSpec(name, label, required=True, choices=[(key, words) for key, words in choices])


def _field_of(spec: FieldSpec) -> forms.Field:
    if spec.choices:
        choices = [("", "Choose"), *spec.choices]
        return forms.ChoiceField(label=spec.label, choices=choices, required=spec.required)
    return LineField(label=spec.label, max_length=500, required=spec.required)


class AccountForm(forms.Form):
    """Who somebody is there."""

    person = forms.ModelChoiceField(User.objects.none(), empty_label="Choose somebody")
    account = LineField(label="Account there", max_length=200)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, prefix="account")
        cast("forms.ModelChoiceField[Any]", self.fields["person"]).queryset = people()


class IssueForm(forms.Form):
    """An issue that is there already."""

    address = forms.CharField(
        label="Address of its issue",
        max_length=1000,
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        help_text="Copy it whole from the tracker. One that is there already is linked, and none is made.",
    )
