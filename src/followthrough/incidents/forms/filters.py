"""What narrows and sorts the list of incidents; all of it stands in the address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from followthrough.core.pagination import Page, take_page
from followthrough.core.times import is_plausible
from followthrough.incidents.forms.filter_fields import service_field, severity_field, team_field
from followthrough.incidents.models import Incident
from followthrough.incidents.queries import search

NEWEST, OLDEST = ("-began_at", "-pk"), ("began_at", "pk")
ORDERS: dict[str, tuple[str, ...]] = {
    "": NEWEST,
    "oldest": OLDEST,
    "gravest": ("severity__rank", "-began_at", "-pk"),
    "reported": ("-pk",),
}
SORTS = (
    ("", "Newest first"),
    ("oldest", "Oldest first"),
    ("gravest", "Gravest first"),
    ("reported", "Last reported first"),
)
PERIODS = (
    ("", "Any time"),
    ("7", "Last 7 days"),
    ("30", "Last 30 days"),
    ("90", "Last 90 days"),
    ("365", "Last 12 months"),
)
SORTED_MATCHES = 1000


def _any(label: str, choices: type[Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "Any"), *choices.choices])


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget, validators=[_refuse_odd])


def _refuse_odd(day: date) -> None:
    if not is_plausible(day):
        raise forms.ValidationError("Give a day between the years 1600 and 2200.")


class IncidentFilters(forms.Form):
    """Every field is optional; a value that makes no sense is named beside its field and left out."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Words, a service, a tag, or INC-148"}
        ),
    )
    status = _any("Status", Incident.Status)
    severity = severity_field()
    service = service_field()
    period = forms.ChoiceField(label="Began", required=False, choices=PERIODS)
    team = team_field()
    tag = forms.CharField(label="Tag", required=False, max_length=60)
    kind = _any("Kind", Incident.Kind)
    review = _any("Post-mortem", Incident.Review)
    since = _day("From")
    until = _day("Until")
    sort = forms.ChoiceField(label="Order", required=False, choices=SORTS)

    FOLDED = ("team", "tag", "kind", "review", "since", "until", "sort")

    def __init__(self, address: QueryDict) -> None:
        super().__init__(address)
        self.is_valid()
        self.given = {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def narrows(self) -> bool:
        """Whether anything but the order was chosen."""
        return bool(self.given.keys() - {"sort"})

    @property
    def standing(self) -> list[forms.BoundField]:
        """The fields that are always in sight."""
        return [field for field in self if field.name not in self.FOLDED]

    @property
    def folded(self) -> list[forms.BoundField]:
        """The fields that are folded away until they are wanted."""
        return [self[name] for name in self.FOLDED]

    @property
    def unfolded(self) -> bool:
        """Whether one of the fields that are folded away is in use or wrong."""
        return any(name in self.given or name in self.errors for name in self.FOLDED)

    @property
    def order(self) -> tuple[str, ...]:
        """Columns to sort by, as keyset pages want them."""
        return ORDERS[self.given.get("sort", "")]

    @property
    def text(self) -> str:
        """The words to search for; "" when there are none or when they are an incident's key."""
        text = str(self.given.get("q", ""))
        return "" if search.key_in(text) else text

    @property
    def sorts_matches(self) -> bool:
        """Whether words are searched in another order than by time, which only the newest matches take part in."""
        return bool(self.text) and self.order not in (NEWEST, OLDEST)

    @property
    def sorted_at_most(self) -> int:
        return SORTED_MATCHES

    def narrow(self, rows: QuerySet[Incident]) -> QuerySet[Incident]:
        """`rows` that every filter lets through; words are searched by `page`."""
        for name, value in self.given.items():
            if name in _NARROW:
                rows = _NARROW[name](rows, value)
        return rows

    def page(
        self, visible: QuerySet[Incident], *, size: int, after: str = "", before: str = ""
    ) -> Page[Incident]:
        """One page of the visible incidents that fit; words are searched newest or oldest first."""
        rows = self.narrow(visible)
        if self.text and not self.sorts_matches:
            oldest = self.order == OLDEST
            return search.take_matches(rows, self.text, size=size, after=after, before=before, oldest=oldest)
        if self.text:
            rows = rows.filter(pk__in=search.newest_matches(self.text, SORTED_MATCHES))
        return take_page(rows, order=self.order, size=size, after=after, before=before)


def _by_key(rows: QuerySet[Incident], text: str) -> QuerySet[Incident]:
    key = search.key_in(text)
    return rows.filter(pk=key) if key else rows


def _within(rows: QuerySet[Incident], relation: str, value: Any, column: str) -> QuerySet[Incident]:
    """Through the link table's own index, which also suits what few incidents have."""
    links = getattr(Incident, relation).through._default_manager.filter(**{column: value})
    return rows.filter(pk__in=links.values("incident_id"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


_NARROW: dict[str, Callable[[QuerySet[Incident], Any], QuerySet[Incident]]] = {
    "q": _by_key,
    "status": lambda rows, value: rows.filter(status=value),
    "severity": lambda rows, value: rows.filter(severity=value),
    "service": lambda rows, value: _within(rows, "services", value, "service"),
    "team": lambda rows, value: _within(rows, "teams", value, "team"),
    "tag": lambda rows, value: _within(rows, "tags", value.strip().lower(), "tag__name"),
    "kind": lambda rows, value: rows.filter(kind=value),
    "review": lambda rows, value: rows.filter(review=value),
    "period": lambda rows, value: rows.filter(began_at__gte=timezone.now() - timedelta(days=int(value))),
    "since": lambda rows, value: rows.filter(began_at__gte=_midnight(value)),
    "until": lambda rows, value: rows.filter(began_at__lt=_midnight(value + timedelta(days=1))),
}
