"""Milestones as form fields: each a time on the incident's clock, "not known", or "does not apply"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from followthrough.core.forms import TypedMomentField
from followthrough.core.times import NOT_PLAUSIBLE, is_plausible, local
from followthrough.core.timestamps import Stamp
from followthrough.core.typed_moments import wall_time
from followthrough.incidents.models import Incident, Milestone
from followthrough.incidents.operations import COUNTERPARTS

State = Milestone.State
Said = datetime | str | None
STATES = (("", "at this time"), (State.NOT_KNOWN, "not known"), (State.DOES_NOT_APPLY, "does not apply"))


def moment_fields(names: Iterable[str]) -> dict[str, forms.Field]:
    """Two fields for each milestone: NAME_at and NAME_state."""
    return {field: deepcopy(_FIELDS[field]) for field in field_names(names)}


def field_names(names: Iterable[str]) -> list[str]:
    return [f"{name}_{part}" for name in names for part in ("at", "state")]


def _state_field(label: str) -> forms.ChoiceField:
    odd = {"invalid_choice": "Choose one of the three in the list."}
    return forms.ChoiceField(
        label=f"{label}: known or not", choices=STATES, required=False, error_messages=odd
    )


_FIELDS: dict[str, forms.Field] = {
    **{f"{name}_at": TypedMomentField(label=name.label, required=False) for name in Milestone.Name},
    **{f"{name}_state": _state_field(name.label) for name in Milestone.Name},
}


def moments_shown(incident: Incident) -> dict[str, Any]:
    """Initial values for the fields, on the incident's own clock."""
    shown: dict[str, Any] = {}
    for row in incident.milestones.all():
        shown[f"{row.name}_at"] = _on_the_wall(row.at, incident.zone) if row.at else None
        shown[f"{row.name}_state"] = "" if row.at else row.state
    return shown


def counterparts_shown(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The same with beginning and end under their names for other kinds too, which they get when the kind changes."""
    pairs = [*COUNTERPARTS.items(), *((new, old) for old, new in COUNTERPARTS.items())]
    fields = [pair for old, new in pairs for pair in zip(field_names([old]), field_names([new]), strict=True)]
    return {new: shown[old] for old, new in fields if old in shown} | dict(shown)


def _on_the_wall(moment: datetime, zone: str) -> datetime:
    return local(moment, zone).replace(tzinfo=None, second=0, microsecond=0)


def refuse_both(form: forms.BaseForm, names: Iterable[str]) -> None:
    """A milestone cannot have a time and be not known as well."""
    for name in names:
        if form.cleaned_data.get(f"{name}_at") and form.cleaned_data.get(f"{name}_state"):
            form.add_error(f"{name}_at", "Give a time, or say that it is not known; not both.")


def place_moments(form: forms.BaseForm, names: Iterable[str], zone: str) -> None:
    """Gives each time without a day the one that it means: of the milestone before it, or the last that has passed."""
    now, before = local(timezone.now(), zone).replace(tzinfo=None), None
    for name in names:
        typed = form.cleaned_data.get(f"{name}_at")
        said = wall_time(typed, now=now, after=before) if isinstance(typed, Stamp) else typed
        if typed and not (said and is_plausible(said)):
            form.add_error(f"{name}_at", NOT_PLAUSIBLE)
            continue
        form.cleaned_data[f"{name}_at"] = said
        before = said or before


@dataclass(frozen=True)
class MomentRow:
    """The two fields of a milestone, and what was understood of its time."""

    at: forms.BoundField
    state: forms.BoundField

    @property
    def understood(self) -> str:
        """In words that are the same whatever clock the reader is used to; "" where nothing was said or read."""
        form = self.at.form
        said = form.cleaned_data.get(self.at.name) if hasattr(form, "cleaned_data") else self.at.initial
        return f"{said:%a} {said.day} {said:%b %Y, %H:%M}" if isinstance(said, datetime) else ""

    @property
    def problem(self) -> str:
        """What is asked of a time that was not read."""
        return str(self.at.errors[0]) if self.at.errors and self.at.data else ""


def moment_rows(form: forms.BaseForm, names: Iterable[str]) -> list[MomentRow]:
    return [MomentRow(form[f"{name}_at"], form[f"{name}_state"]) for name in names]


def said_of(values: Mapping[str, Any], names: Iterable[str], zone: str) -> dict[str, Said]:
    """{name: moment, state, or None for not reached} from the cleaned fields."""
    return {name: _said(values, name, ZoneInfo(zone)) for name in names}


def _said(values: Mapping[str, Any], name: str, zone: ZoneInfo) -> Said:
    if moment := values.get(f"{name}_at"):
        return moment.replace(tzinfo=zone) if isinstance(moment, datetime) else None
    return values.get(f"{name}_state") or None


class MilestonesForm(forms.Form):
    """All milestones of one incident, edited together."""

    def __init__(self, data: Any = None, *, incident: Incident) -> None:
        super().__init__(data, initial=moments_shown(incident))
        self.incident = incident
        self.names = Milestone.OUTAGE if incident.is_outage else Milestone.OTHER
        self.fields |= moment_fields(self.names)
        for name in self.names:
            self.fields[f"{name}_at"].label = incident.words.milestone(name)
            self.fields[f"{name}_state"].label = f"{incident.words.milestone(name)}: known or not"

    def clean(self) -> dict[str, Any]:
        place_moments(self, self.names, self.incident.zone)
        refuse_both(self, self.names)
        return self.cleaned_data

    @property
    def rows(self) -> list[MomentRow]:
        return moment_rows(self, self.names)

    @property
    def changes(self) -> dict[str, Said]:
        """{name: moment, state or None} of those that differ; seconds that the form cannot show are kept."""
        return changed_moments(self.incident, said_of(self.cleaned_data, self.names, self.incident.zone))


def changed_moments(incident: Incident, said: Mapping[str, Said]) -> dict[str, Said]:
    """What of `said` differs from the incident's milestones, compared to the minute."""
    before = {row.name: row.at or row.state for row in incident.milestones.all()}
    return {
        name: value
        for name, value in said.items()
        if _to_the_minute(value) != _to_the_minute(before.get(name))
    }


def _to_the_minute(said: Said) -> Said:
    return said.replace(second=0, microsecond=0) if isinstance(said, datetime) else said
