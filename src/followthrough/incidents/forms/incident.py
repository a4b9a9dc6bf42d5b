"""Reporting and editing an incident."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from followthrough.core.forms import LineField, ProseField, ZoneField
from followthrough.incidents.event_words import words_of
from followthrough.incidents.forms.kind_words import BY_KIND, name_fields, words_on_form
from followthrough.incidents.forms.milestones import (
    MomentRow,
    Said,
    counterparts_shown,
    field_names,
    moment_fields,
    moment_rows,
    moments_shown,
    place_moments,
    refuse_both,
    said_of,
)
from followthrough.incidents.forms.multi_select import MultiSelectField
from followthrough.incidents.models import Incident, Milestone, Service, Severity
from followthrough.incidents.queries import out_of_order
from followthrough.people.models import Team, User

SEVERITY_PROBLEMS = {
    "required": "Choose a severity.",
    "invalid_choice": "The severity you chose is not in the list any more. Choose another one.",
}
USED_BEFORE = "This page was sent before, or only in part. What you wrote is kept; send it again."
MAX_TAG_CHARACTERS = 60
EVERY_MOMENT = (*Milestone.OUTAGE, *Milestone.OTHER)
_NO_TITLE = "Give it a title that can be read: what people noticed, in one line."
_TECHNICAL = frozenset({"base", "token"})


class SeverityField(forms.ModelChoiceField[Severity]):
    """Severities with what they mean."""

    def label_from_instance(self, severity: Severity) -> str:
        return f"{severity.name} · {severity.meaning}" if severity.meaning else severity.name


class IncidentForm(forms.Form):
    """Everything one may say of an incident. `base` is the version that is edited; `token` makes a report unique."""

    title = LineField(
        max_length=200,
        error_messages={"required": _NO_TITLE},
    )
    kind = forms.ChoiceField(choices=Incident.Kind.choices, initial=Incident.Kind.OUTAGE)
    severity = SeverityField(
        Severity.objects.all(), empty_label="Choose one", error_messages=SEVERITY_PROBLEMS
    )
    what_happened = ProseField(
        label="What happened",
        required=False,
        widget=forms.Textarea,
        help_text="A few sentences of facts. You may use Markdown.",
    )
    zone = ZoneField(label="Time zone of the times below")
    detected_by = forms.ChoiceField(
        label="Who or what noticed it first", choices=Incident.DetectedBy.choices, required=False
    )
    customer_impact = forms.ChoiceField(label="Customers it touched", choices=Incident.CustomerImpact.choices)
    data_lost = forms.BooleanField(label="Data was lost", required=False)
    services = MultiSelectField(
        Service.objects.filter(retired_at=None), label="Services affected", required=False
    )
    teams = MultiSelectField(Team.objects.all(), required=False)
    tags = LineField(required=False, max_length=600, help_text="Words of your own, with commas between.")
    visibility = forms.ChoiceField(
        label="Who may see it", choices=Incident.Visibility.choices, widget=forms.RadioSelect
    )
    named_people = MultiSelectField(
        User.objects.filter(is_active=True),
        label="Named people",
        required=False,
        help_text="You and everyone with a role in it see it as well.",
    )
    source_title = LineField(label="Where it is written up elsewhere", required=False, max_length=200)
    source_url = forms.URLField(label="Link to it", required=False, max_length=500, assume_scheme="https")
    base = forms.IntegerField(required=False, widget=forms.HiddenInput)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput, error_messages={"invalid": USED_BEFORE})

    def __init__(
        self, data: Any = None, *, initial: dict[str, Any], incident: Incident | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields |= moment_fields(EVERY_MOMENT)
        name_fields(self.fields, self.shown_kind)
        self.incident = incident
        if incident:
            in_use = Service.objects.filter(retired_at=None) | Service.objects.filter(incidents=incident)
            self.fields["services"].queryset = in_use.distinct()  # type: ignore[attr-defined]
            for name in self.fields.keys() - _TECHNICAL:
                self.fields[name].show_hidden_initial = True

    @property
    def shown_kind(self) -> str:
        """The kind of event that is chosen as the page is drawn."""
        return str(self["kind"].value() or Incident.Kind.OUTAGE)

    @property
    def heading(self) -> str:
        return words_on_form(self.shown_kind)["report-heading"]

    @property
    def lead(self) -> str:
        return words_on_form(self.shown_kind)["report-lead"]

    @property
    def words_by_kind(self) -> str:
        """What the page says for each kind, as JSON; its script puts the words in place when the kind changes."""
        return json.dumps(BY_KIND)

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if not any(letter.isprintable() and not letter.isspace() for letter in title):
            raise forms.ValidationError(_NO_TITLE)
        return title

    def clean_detected_by(self) -> str:
        """Only outages are detected: the page of another event does not ask, and what was said stays."""
        known = self.incident.detected_by if self.incident else Incident.DetectedBy.NOT_KNOWN
        return self.cleaned_data["detected_by"] or known

    def clean_tags(self) -> list[str]:
        tags = words_in(self.cleaned_data["tags"])
        if long := next((tag for tag in tags if len(tag) > MAX_TAG_CHARACTERS), None):
            raise forms.ValidationError(
                f"The tag “{long[:20]}…” is longer than {MAX_TAG_CHARACTERS} characters. Shorten it, or put commas in it."
            )
        return tags

    def clean(self) -> dict[str, Any]:
        names = self.moment_names
        for field in field_names(set(EVERY_MOMENT).difference(names)):
            self.errors.pop(field, None)
        place_moments(self, names, self.cleaned_data.get("zone", "UTC"))
        refuse_both(self, names)
        given = {name for name in names if self.cleaned_data.get(f"{name}_at") or f"{name}_at" in self.errors}
        if not self.incident and not given:
            start = names[0] if names == Milestone.OUTAGE else Milestone.Name.ACTUAL_START
            self.add_error(
                f"{start}_at", "Give at least one time, so that it has its place among the others."
            )
        return self.cleaned_data

    def renew_token(self) -> None:
        """Lets a page whose token cannot be used be sent once more, with everything in it."""
        sent: Any = self.data
        self.data = written = sent.copy()
        written["token"] = str(uuid.uuid4())

    @property
    def moment_names(self) -> tuple[str, ...]:
        """The milestones of the chosen kind."""
        kind = self.cleaned_data.get("kind") if self.is_bound else self["kind"].value()
        return Milestone.OUTAGE if Incident(kind=kind or "").is_outage else Milestone.OTHER

    @property
    def outage_rows(self) -> list[MomentRow]:
        return moment_rows(self, Milestone.OUTAGE)

    @property
    def other_rows(self) -> list[MomentRow]:
        return moment_rows(self, Milestone.OTHER)

    @property
    def rows(self) -> list[MomentRow]:
        """Those of the chosen kind."""
        return moment_rows(self, self.moment_names)

    @property
    def facts(self) -> dict[str, Any]:
        """What the operations take, without the milestones."""
        left_out = _TECHNICAL | set(field_names(EVERY_MOMENT))
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}

    @property
    def moments(self) -> dict[str, Said]:
        """{milestone: moment, state, or None} of the chosen kind."""
        return said_of(self.cleaned_data, self.moment_names, self.cleaned_data["zone"])

    @property
    def changed_facts(self) -> dict[str, Any]:
        """Those of the facts that differ from what the person was shown."""
        return {name: value for name, value in self.facts.items() if name in self.changed_data}

    @property
    def changed_moments(self) -> dict[str, Said]:
        """Those of the moments that differ from what the person was shown; in another zone, all that are told."""
        changed = set(self.changed_data)
        return {
            name: said
            for name, said in self.moments.items()
            if changed & set(field_names([name])) or (said and "zone" in changed)
        }

    def clashes_with(self, incident: Incident) -> list[tuple[str, str]]:
        """(label, how it stands now) of what both this person and somebody else changed since it was shown."""
        now = report_shown(incident)
        counted = {*self.facts, *field_names(self.moment_names)}
        return [
            (str(self[name].label), _in_words(self.fields[name], now.get(name)))
            for name in self.changed_data
            if name in counted and self._was_changed(name, now.get(name))
        ]

    def _was_changed(self, name: str, now: Any) -> bool:
        """Whether `now` is neither what the person was shown nor what they want."""
        bound, field = self[name], self.fields[name]
        shown = field.hidden_widget().value_from_datadict(self.data, self.files, bound.html_initial_name)
        return all(field.has_changed(now, said) for said in (shown, bound.data))

    @property
    def warnings(self) -> list[str]:
        """Milestones that are out of order; they may stand."""
        known = {name: said for name, said in self.moments.items() if isinstance(said, datetime)}
        return out_of_order(known, words_of(self.cleaned_data.get("kind", "")))


def _in_words(field: forms.Field, value: Any) -> str:
    """`value` as the form would show it."""
    if isinstance(value, datetime):
        return f"{value.day} {value:%b %Y %H:%M}"
    if isinstance(field, forms.BooleanField):
        return "yes" if value else "no"
    if isinstance(field, MultiSelectField):
        return ", ".join(map(str, value)) or "nothing"
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(field.choices).get(value, value or "nothing"))  # type: ignore[arg-type]
    return str(value or "nothing")


def words_in(text: str) -> list[str]:
    """The words between commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def blank_report(person: User) -> dict[str, Any]:
    """Initial values of a new report."""
    now = timezone.now().astimezone(ZoneInfo(person.zone)).replace(tzinfo=None, second=0, microsecond=0)
    return {
        "severity": cache(_middle_severity),
        "zone": person.zone,
        "detected_by": Incident.DetectedBy.NOT_KNOWN,
        "customer_impact": Incident.CustomerImpact.NONE,
        "visibility": Incident.Visibility.OPEN,
        "started_at": now,
        "token": uuid.uuid4(),
    }


def _middle_severity() -> Severity | None:
    return Severity.objects.filter(rank__gte=3).first() or Severity.objects.first()


def report_shown(incident: Incident) -> dict[str, Any]:
    """Initial values for editing `incident`."""
    plain = (
        "title", "kind", "severity", "what_happened", "zone", "detected_by", "customer_impact", "data_lost",
        "visibility", "source_title", "source_url",
    )  # fmt: skip
    return {
        **{name: getattr(incident, name) for name in plain},
        "services": incident.services.all(),
        "teams": incident.teams.all(),
        "named_people": incident.named_people.all(),
        "tags": ", ".join(tag.name for tag in incident.tags.all()),
        "base": incident.version,
        **counterparts_shown(moments_shown(incident)),
    }


class ReasonForm(forms.Form):
    """Why a post-mortem is asked for or skipped."""

    reason = LineField(max_length=300)
