"""One pattern: its incidents, causes, actions, chart, statistics and what people say of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followthrough.activity.queries import history
from followthrough.incidents.models import Incident
from followthrough.incidents.queries.history import seen_rows
from followthrough.patterns import charts, drawing, phrasing, queries
from followthrough.patterns.models import Pattern
from followthrough.patterns.pattern_state import RULES, State
from followthrough.patterns.queries import tree_of
from followthrough.patterns.views.pattern_list import strip_of
from followthrough.people.access import PersonRequest, for_members
from followthrough.statistics import rate_alarms

DECIDED = 12


@require_safe
@for_members
def pattern(request: PersonRequest, pk: int) -> HttpResponse:
    """Everything known of one pattern."""
    found = queries.find(request.user, pk)
    now = timezone.now()
    tree = tree_of(found)
    struck = queries.incidents_of(tree, now)
    keys = [incident.pk for incident in struck]
    return render(
        request,
        "patterns/pattern.html",
        {
            "pattern": found,
            "lane": strip_of(found, queries.names_of([found]), now, width=drawing.WIDE),
            "axis": drawing.months_axis(now),
            "rule": RULES[State(found.state)],
            "rows": _with_findings(struck),
            "actions": queries.actions_of(keys),
            "merged": tree[1:],
            "others": queries.visible_to(request.user).exclude(pk=found.pk).order_by("name")[:300],
            "remarks": found.remarks.select_related("author"),
            "decided": seen_rows(history(found.topic).exclude(kind="patterns.remark"), request.user)[
                :DECIDED
            ],
            **_statistics(found),
        },
    )


def _with_findings(struck: list[Incident]) -> list[tuple[Incident, list[tuple[str, str]]]]:
    """Each incident with (what sort of finding, its text)."""
    findings: dict[int, list[tuple[str, str]]] = {}
    for finding in queries.findings_of([incident.pk for incident in struck]):
        category = (
            f", {finding.cause.get_category_display().lower()}"
            if finding.cause and finding.cause.category
            else ""
        )
        said = (f"{finding.get_kind_display()}{category}", finding.text)
        findings.setdefault(finding.postmortem_id, []).append(said)
    return [(incident, findings.get(incident.pk, [])) for incident in struck]


def _statistics(pattern: Pattern) -> dict[str, Any]:
    """How often lately beside before, drawn and in words; empty before it was counted."""
    if len(pattern.months) != rate_alarms.RECENT_MONTHS + rate_alarms.BEFORE_MONTHS:
        return {}
    rate, alarm = rate_alarms.rate_of(pattern.months), pattern.state == State.WORSE
    return {
        "rate": rate,
        "rate_words": phrasing.rate_in_words(rate, alarm=alarm),
        "ratio": charts.rate_ratio(rate, alarm=alarm) if rate.recent + rate.before else "",
        "months": charts.months(pattern.months, alarm),
    }
