"""What people may send to a summary."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.db.models import Q, QuerySet
from django.http import QueryDict

from followthrough.core.forms import ChosenRowsField, LineField, ProseField
from followthrough.people.models import Team, User
from followthrough.reports.operations.links import LINK_DAYS
from followthrough.reports.queries.draft_review import SECTIONS
from followthrough.reports.queries.prose import TITLES
from followthrough.reports.queries.readers import Recipients

MOST_OUTSIDE, MOST_NAMED = 50, 100


class ProseForm(forms.Form):
    section = forms.ChoiceField(choices=list(TITLES.items()))
    text = ProseField(required=False, max_length=50_000, widget=forms.Textarea)
    base = forms.IntegerField(required=False)


class ShownForm(forms.Form):
    """`place` is where the page is looked at again."""

    key = forms.UUIDField()
    place = forms.ChoiceField(choices=[*TITLES.items(), ("parked", "Parked")], required=False)
    shown = forms.TypedChoiceField(
        choices=[("yes", "Show"), ("no", "Leave out")], coerce=lambda word: word == "yes"
    )


class WordForm(forms.Form):
    word = LineField(max_length=100)
    is_name = forms.TypedChoiceField(
        choices=[("yes", "A name"), ("no", "Only a word")], coerce=lambda word: word == "yes"
    )


class LinkForm(forms.Form):
    days = forms.ChoiceField(
        label="The link works for",
        choices=[("30", "30 days"), ("7", "7 days"), ("90", "90 days"), ("revoked", "until it is revoked")],
        required=False,
    )

    def clean_days(self) -> int | None:
        """Days, or None for a link without an end."""
        said = self.cleaned_data["days"] or LINK_DAYS
        return None if said == "revoked" else int(said)


class FeedbackForm(forms.Form):
    useful = forms.TypedChoiceField(choices=[("yes", "Yes"), ("no", "No")], coerce=lambda word: word == "yes")
    comment = LineField(required=False, max_length=500)


class ReviewersForm(forms.Form):
    person = ChosenRowsField(User.objects.none(), required=False)

    def __init__(self, *args: Any, possible: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = possible  # type: ignore[attr-defined]


class CommentForm(forms.Form):
    section = forms.ChoiceField(choices=SECTIONS, required=False)
    text = ProseField(max_length=2_000, widget=forms.Textarea)


class RecipientsForm(forms.Form):
    """Who gets the summary: those ticked, whole teams, and others by name or address."""

    person = ChosenRowsField(User.objects.none(), required=False)
    team = ChosenRowsField(Team.objects.all(), required=False)
    address = forms.MultipleChoiceField(required=False)
    others = forms.CharField(required=False, max_length=10_000)
    note = ProseField(required=False, max_length=1_000)

    def __init__(self, data: QueryDict, *, possible: QuerySet[User]) -> None:
        super().__init__(data)
        self.possible = possible
        self.fields["person"].queryset = possible  # type: ignore[attr-defined]
        self.fields["address"].choices = [(each, each) for each in data.getlist("address")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        people, addresses = self._others(values.get("others", ""))
        for address in values.get("address", []):
            _check_address(address)
        people |= set(values.get("person", []))
        people |= set(self.possible.filter(teams__in=values.get("team", [])))
        outside = sorted({*addresses, *values.get("address", [])})
        if len(outside) > MOST_OUTSIDE:
            raise forms.ValidationError(f"{MOST_OUTSIDE} addresses outside at most.")
        values["recipients"] = Recipients(frozenset(people), tuple(outside))
        return values

    def _others(self, text: str) -> tuple[set[User], set[str]]:
        """People here by their name or address, and addresses outside."""
        named = [word.strip() for word in re.split(r"[,;\n]+", text) if word.strip()]
        if len(named) > MOST_NAMED:
            raise forms.ValidationError(f"{MOST_NAMED} names at once at most; take whole teams for more.")
        found: set[User] = set()
        outside: set[str] = set()
        for name in named:
            address = (re.search(r"<([^<>]+)>$", name) or [name, name])[1].lower()
            person = self.possible.filter(Q(name__iexact=name) | Q(email=address)).first()
            if person:
                found.add(person)
            elif User.objects.filter(email=address).exists():
                raise forms.ValidationError(f"{address} belongs to somebody here who may not read it.")
            elif "@" in name:
                _check_address(address)
                outside.add(address)
            else:
                raise forms.ValidationError(
                    f"Nobody who may read it is called “{name}”. Write a name or an address."
                )
        return found, outside


def _check_address(address: str) -> None:
    try:
        EmailValidator()(address)
    except forms.ValidationError as error:
        raise forms.ValidationError(f"“{address}” is no e-mail address.") from error
