"""What keeps coming back: patterns, services, the response, and what only sounds alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from followthrough.core.pagination import take_page
from followthrough.facts import queries as facts
from followthrough.incidents.forms.filter_fields import service_field
from followthrough.patterns import charts, drawing, phrasing, queries
from followthrough.patterns.models import Pattern
from followthrough.patterns.pattern_state import State, note_of, tone_of
from followthrough.people.access import PersonRequest, for_members
from followthrough.statistics.rate_alarms import Rate

PAGE_SIZE = 20
GLANCE = 8
DISMISSED = "dismissed"


@dataclass(frozen=True)
class PatternStrip:
    """One pattern as the list draws it; `name` joins those of patterns with the same incidents."""

    pattern: Pattern
    name: str
    drawn: SafeString
    chip: str
    tone: str
    words: str


@dataclass(frozen=True)
class Struck:
    """One service with its fifteen months; `words` say how they compare."""

    slug: str
    name: str
    year: int
    drawn: SafeString
    alarm: bool
    words: str


class PatternFilters(forms.Form):
    """What narrows the list; all of it stands in the address."""

    service = service_field("All services")
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any state"), *State.choices, (DISMISSED, "dismissed by people")],
    )


@require_safe
@for_members
def patterns(request: PersonRequest) -> HttpResponse:
    """Those that need people most on top."""
    filters = PatternFilters(request.GET)
    filters.is_valid()
    given = {name: value for name, value in filters.cleaned_data.items() if value}
    page = take_page(
        _narrowed(request, given),
        order=("urgency", "-incidents", "-pk"),
        size=PAGE_SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    now = timezone.now()
    names = queries.names_of(page.rows)
    counted = facts.aggregate("services")
    rows = counted.get("rows", [])
    return _draw(
        request,
        "patterns/patterns.html",
        place="patterns",
        filters=filters,
        narrowed=bool(given),
        page=page,
        lanes=[strip_of(pattern, names, now) for pattern in page.rows],
        number=queries.visible_to(request.user).count(),
        fixes=facts.fixes(now),
        services=[_struck(row) for row in rows[:GLANCE]] if not (given or page.rows) else [],
        until=_until(counted),
        headline=phrasing.headline(rows) if not page.rows or any(row["alarm"] for row in rows) else "",
        more_services=max(0, len(rows) - GLANCE),
        alike=queries.proposals_for(request.user)[:3] if not given else [],
    )


@require_safe
@for_members
def services(request: PersonRequest) -> HttpResponse:
    """Every service that was struck, month by month; true without anybody having confirmed a cause."""
    counted = facts.aggregate("services")
    rows = counted.get("rows", [])
    return _draw(
        request,
        "patterns/services.html",
        place="services",
        services=[_struck(row) for row in rows],
        until=_until(counted),
        headline=phrasing.headline(rows),
        certainties=[
            phrasing.rate_certainty(row["name"], Rate(**row["rate"])) for row in rows if row["alarm"]
        ],
    )


@require_safe
@for_members
def response(request: PersonRequest) -> HttpResponse:
    """Bottlenecks of the response that recur."""
    counted = facts.aggregate("response")
    return _draw(
        request,
        "patterns/response.html",
        place="response",
        counted=counted,
        stages=[phrasing.Slower.of(row) for row in counted.get("slower", [])],
        usual=phrasing.usual_in_words(counted),
        matrix=charts.handoff_matrix(counted["handoffs"]) if counted.get("handoffs", {}).get("cells") else "",
        detection=phrasing.Detection.of(counted.get("detection", {})),
    )


@require_safe
@for_members
def proposals(request: PersonRequest) -> HttpResponse:
    """Incidents that sound alike, for people to join or not."""
    rows = list(queries.proposals_for(request.user)[:60])
    return _draw(request, "patterns/proposals.html", place="proposals", proposals=rows)


def _draw(request: PersonRequest, template: str, *, place: str, **values: Any) -> HttpResponse:
    number = queries.proposals_for(request.user).count()
    tabs = [
        ("patterns", "patterns", "Patterns"),
        ("services", "pattern_services", "By service"),
        ("response", "pattern_response", "The response"),
        ("proposals", "pattern_proposals", f"Sounds alike {number}" if number else "Sounds alike"),
    ]
    return render(request, template, {"place": place, "tabs": tabs, **values})


def _until(counted: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(counted["until"]) if counted.get("until") else None


def _narrowed(request: PersonRequest, given: dict[str, Any]) -> QuerySet[Pattern]:
    state = given.get("state")
    if state == DISMISSED:
        rows = queries.all_for(request.user).exclude(dismissed_at=None).filter(merged_into=None)
    else:
        rows = queries.visible_to(request.user)
        rows = rows.filter(state=state) if state else rows
    if service := given.get("service"):
        rows = rows.filter(affected_services=service)
    return rows


def strip_of(
    pattern: Pattern, names: dict[str, list[str]], now: datetime, *, width: int = drawing.WIDTH
) -> PatternStrip:
    """A pattern with everything that is drawn of it."""
    chip, words = note_of(pattern, now)
    name = queries.name_of(pattern, names)
    return PatternStrip(
        pattern, name, drawing.timeline_strip(pattern, now, width=width), chip, tone_of(pattern, now), words
    )


def _struck(row: dict[str, Any]) -> Struck:
    rate = Rate(**row["rate"])
    words = phrasing.rate_in_short(rate) if row["alarm"] else ""
    return Struck(
        row["slug"], row["name"], row["year"], charts.months(row["months"], row["alarm"]), row["alarm"], words
    )
