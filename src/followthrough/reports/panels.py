"""What summaries add to pages of rooms below."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.incidents.models import Incident
from followthrough.incidents.publications import Publication
from followthrough.reports.models import Summary
from followthrough.reports.queries import standing_links
from followthrough.reports.queries.assembly import current
from followthrough.reports.report import Report, Section

_SHOWN = ("overview", "what_happened", "impact")
_ASIDE = {"overview", "impact"}
"""Sections with a place of their own on the page."""
_FINISHED = {"done", "verified"}


def resting_links(request: HttpRequest, incident: Incident) -> str:
    """Which share links rest while the incident is restricted, beside the choice to restrict it."""
    facts = {"incident": incident, "links": standing_links(incident)}
    return render_to_string("reports/resting_links.html", facts, request) if facts["links"] else ""


def summary_card(request: HttpRequest, incident: Incident) -> str:
    """Where the summary stands and its first section; one query, "" until the meeting has closed."""
    postmortem = getattr(incident, "postmortem", None)
    if postmortem is None or postmortem.closed_at is None:
        return ""
    summary = Summary.objects.select_related("published_by").filter(pk=incident.pk).first()
    facts = {"incident": incident, "summary": summary, "overview": _overview(summary) if summary else ""}
    return render_to_string("reports/incident_summary.html", facts, request)


def _overview(summary: Summary) -> str:
    if summary.published is None:
        return str(summary.prose.get("overview", ""))
    return Report.model_validate(summary.published).section("overview").text


def published_page(request: HttpRequest, incident: Incident) -> str:
    """The incident as its readers see it, with its actions as they stand; "" where nothing is published."""
    summary = Summary.objects.filter(pk=incident.pk, state=Summary.State.PUBLISHED).first()
    if summary is None:
        return ""
    report = current(summary)
    facts = {
        "summary": summary,
        "report": report,
        "overview": report.section("overview").text,
        "impact": report.section("impact"),
        "sections": [row for row in report.sections if row.name not in _ASIDE and _tells(row, report)],
        "finished": sum(row.state in _FINISHED for row in report.actions),
    }
    return render_to_string("reports/published_page.html", facts, request)


def _tells(section: Section, report: Report) -> bool:
    drawn = {"what_happened": report.timeline, "causes": report.fishbone}.get(section.name)
    return bool(section.text or section.answers or drawn)


def publications(numbers: Collection[int]) -> dict[int, Publication]:
    """{number of an incident: what was published of it}; one query."""
    rows = Summary.objects.filter(pk__in=numbers, state=Summary.State.PUBLISHED).exclude(published=None)
    return {
        key: _publication(Report.model_validate(text)) for key, text in rows.values_list("pk", "published")
    }


def _publication(report: Report) -> Publication:
    return Publication(
        title=report.title,
        severity=report.severity,
        shows_severity=report.shows_severity,
        kind=report.kind,
        zone=report.zone,
        began_at=report.began_at,
        ended_at=report.ended_at,
        services=tuple(report.services),
        teams=tuple(report.teams),
        missing=tuple(row.what for row in report.omissions),
        text="\n\n".join(report.section(name).text for name in _SHOWN if report.section(name).text),
    )
