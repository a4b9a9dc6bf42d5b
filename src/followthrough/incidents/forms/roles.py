"""People and their roles in an incident."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django import forms

from followthrough.incidents.event_words import words_of
from followthrough.incidents.models import Incident, Involvement
from followthrough.people.models import User

CHOOSE = "Choose a person"
MAX_ROWS = 200


def _people() -> list[tuple[Any, str]]:
    people = User.objects.filter(is_active=True).only("name", "email")
    return [("", CHOOSE), *((person.pk, str(person)) for person in people)]


def _roles_of(incident: Incident) -> list[tuple[str, str]]:
    return [(role, str(Involvement.Role(role).label)) for role in incident.words.roles]


_ROLES_OF_ANY = [
    ("Of an outage", _roles_of(Incident(kind=Incident.Kind.OUTAGE))),
    ("Of another event", _roles_of(Incident(kind=Incident.Kind.PROJECT_END))),
]
"""While the kind of event is still being chosen."""


class RoleForm(forms.Form):
    """One person and their role; without a person it says nothing."""

    person = forms.ModelChoiceField(
        User.objects.all(),
        required=False,
        widget=forms.Select(attrs={"aria-label": "Person"}),
        error_messages={"invalid_choice": "This person is not in the list any more. Choose somebody else."},
    )
    role = forms.ChoiceField(
        required=False,
        choices=Involvement.Role.choices,
        widget=forms.Select(attrs={"aria-label": "Role"}),
        error_messages={"invalid_choice": "This role is not in the list. Choose another one."},
    )

    def __init__(
        self,
        *given: Any,
        people: Callable[[], list[tuple[Any, str]]] = _people,
        kind: str = Incident.Kind.OUTAGE,
        incident: Incident | None = None,
        **named: Any,
    ) -> None:
        super().__init__(*given, **named)
        role = self.fields["role"]
        role.choices = _roles_of(incident) if incident else _ROLES_OF_ANY  # type: ignore[attr-defined]
        role.initial = words_of(incident.kind if incident else kind).usual_role
        self.fields["person"].choices = people  # type: ignore[attr-defined]

    def clean_person(self) -> User | None:
        person: User | None = self.cleaned_data["person"]
        if person and not person.is_active:
            raise forms.ValidationError(f"{person} has no active account any more. Choose somebody else.")
        return person

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        if not role and self.cleaned_data.get("person"):
            raise forms.ValidationError("Choose a role.")
        return role


_RoleForms = forms.formset_factory(RoleForm, extra=3, max_num=30, absolute_max=MAX_ROWS)
_PROBLEMS = {
    "missing_management_form": "The people and their roles did not arrive. Add them again, or report without them.",
    "too_many_forms": f"No more than {MAX_ROWS} people fit here. Name the others on the incident’s page.",
}


def role_forms(data: Any = None, *, kind: str = Incident.Kind.OUTAGE) -> forms.BaseFormSet[RoleForm]:
    """Several people and their roles in an event of `kind`; the people are read once, and only if the forms are drawn."""
    shared = {"people": cache(_people), "kind": kind}
    return _RoleForms(data, prefix="people", form_kwargs=shared, error_messages=_PROBLEMS)
