"""What keeps coming back, and what was seen before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from followthrough.core.pages import take_page
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Service
from followthrough.patterns import drawing, queries
from followthrough.patterns.models import Occurrence, Pattern
from followthrough.patterns.states import RULES, State, note_of, tone_of
from followthrough.people.access import PersonRequest, for_members

SIZE = 20


@dataclass(frozen=True)
class Lane:
    """One pattern as the list draws it; `name` joins those of patterns with the same incidents."""

    pattern: Pattern
    name: str
    drawn: SafeString
    chip: str
    tone: str
    words: str


class PatternFilters(forms.Form):
    """What narrows the list; all of it stands in the address."""

    service = forms.ModelChoiceField(
        Service.objects.all(),
        label="Service",
        required=False,
        to_field_name="slug",
        empty_label="All services",
    )
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any state"), *State.choices])


@require_safe
@for_members
def patterns(request: PersonRequest) -> HttpResponse:
    """Those that need people most on top."""
    filters = PatternFilters(request.GET)
    filters.is_valid()
    given = {name: value for name, value in filters.cleaned_data.items() if value}
    rows = queries.visible_to(request.user)
    page = take_page(
        _narrowed(rows, given),
        order=("urgency", "-incidents", "-pk"),
        size=SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    now = timezone.now()
    names = queries.names_of(page.rows)
    return render(
        request,
        "patterns/patterns.html",
        {
            "filters": filters,
            "narrowed": bool(given),
            "page": page,
            "lanes": [_lane(pattern, names, now) for pattern in page.rows],
            "number": rows.count(),
            "fixes": queries.fixes(now),
        },
    )


@require_safe
@for_members
def pattern(request: PersonRequest, pk: int) -> HttpResponse:
    """One pattern: its incidents, what they found, and what was done."""
    found = queries.find(request.user, pk)
    now = timezone.now()
    struck = queries.incidents_of(found, now)
    keys = [incident.pk for incident in struck]
    findings: dict[int, list[str]] = {}
    for finding in queries.findings_of(keys):
        findings.setdefault(finding.postmortem_id, []).append(finding.text)
    return render(
        request,
        "patterns/pattern.html",
        {
            "lane": _lane(found, queries.names_of([found]), now),
            "rule": RULES[State(found.state)],
            "rows": [(incident, findings.get(incident.pk, [])) for incident in struck],
            "actions": queries.actions_of(keys),
        },
    )


@require_safe
@for_members
def similar(request: PersonRequest, pk: int) -> HttpResponse:
    """What was seen before an incident: a fragment for its page, which does not wait for it."""
    found = incidents.find(request.user, pk)
    similar = queries.similar_to(found, request.user)
    alone = "HX-Request" not in request.headers
    template = "patterns/similar_page.html" if alone else "patterns/similar.html"
    return render(request, template, {"incident": found, "similar": similar})


def _narrowed(rows: QuerySet[Pattern], given: dict[str, Any]) -> QuerySet[Pattern]:
    if state := given.get("state"):
        rows = rows.filter(state=state)
    if service := given.get("service"):
        struck = Occurrence.objects.filter(service=service, tag=OuterRef("tag"))
        rows = rows.filter(Q(service=service) | Q(Exists(struck)))
    return rows


def _lane(pattern: Pattern, names: dict[str, list[str]], now: datetime) -> Lane:
    chip, words = note_of(pattern, now)
    first, *others = names[pattern.signature]
    name = ", ".join([first, *(other.lower() for other in others)])
    return Lane(pattern, name, drawing.lane(pattern, now), chip, tone_of(pattern), words)
