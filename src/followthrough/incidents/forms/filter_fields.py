"""Filter fields of lists and figures by team, service or severity; each may be left open."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from followthrough.incidents.models import Service, Severity
from followthrough.people.models import Team

Choice = forms.ModelChoiceField


def team_field(everything: str = "Any") -> Choice[Team]:
    return _field(Team.objects.all(), "slug", everything)


def service_field(everything: str = "Any") -> Choice[Service]:
    return _field(Service.objects.all(), "slug", everything)


def severity_field(everything: str = "Any") -> Choice[Severity]:
    return _field(Severity.objects.all(), "name", everything)


def _field(rows: QuerySet[Any], name: str, everything: str) -> Choice[Any]:
    """Choices show their name and send `name`; nothing else is read of them."""
    label = rows.model.__name__
    return forms.ModelChoiceField(
        rows.only("name", name), label=label, required=False, to_field_name=name, empty_label=everything
    )
