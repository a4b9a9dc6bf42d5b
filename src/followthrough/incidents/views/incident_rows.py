"""Incidents as rows of a list, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from followthrough.core.panels import render_row_notes
from followthrough.core.times import in_words
from followthrough.incidents import closings, queries
from followthrough.incidents.models import Incident
from followthrough.people.access import PersonRequest

SHOWN = (
    *("title", "kind", "status", "review", "visibility", "began_at", "ended_at"),
    *("severity__name", "severity__rank"),
)
_WEIGHTS = {1: "broke", 2: "due"}
_URGENCIES = {Incident.Status.OPEN: "broke", Incident.Status.MITIGATED: "due"}


@dataclass(frozen=True)
class Line:
    """One row; `weight` and `urgency` are colours or "", `began` and `moment` are "" where nobody knows,
    `lasted` is "" where `not_known` says why, `closed_without` what its post-mortem lacks, and `notes` is what other rooms say of it."""

    key: str
    title: str
    about: str
    restricted: bool
    severity: str
    weight: str
    status: str
    urgency: str
    began: str
    moment: str
    lasted: str
    not_known: str
    review: str
    closed_without: str
    notes: SafeString


def rows_shown(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """What a row of the list needs, and not the long texts."""
    return rows.select_related("severity").only(*SHOWN)


def lines_of(rows: list[Incident], request: PersonRequest) -> list[Line]:
    """The rows with their services and the notes of other rooms, fetched for all of them at once."""
    notes = render_row_notes("incident.rows", request, rows)
    services = queries.services_of(rows)
    missing = closings.words_of([incident.pk for incident in rows])
    return [
        _line(incident, services[incident.pk], missing.get(incident.pk, ""), notes.get(incident.pk, []))
        for incident in rows
    ]


def _line(incident: Incident, services: list[str], closed_without: str, notes: list[str]) -> Line:
    kind = [] if incident.is_outage else [Incident.Kind(incident.kind).label]
    began = timezone.localtime(incident.began_at) if incident.is_dated else None
    lasted = incident.duration
    return Line(
        key=incident.key,
        title=incident.title,
        about=" · ".join([incident.key, *kind, *services]),
        restricted=incident.visibility == Incident.Visibility.RESTRICTED,
        severity=incident.severity.name,
        weight=_WEIGHTS.get(incident.severity.rank, ""),
        status=Incident.Status(incident.status).label,
        urgency=_URGENCIES.get(Incident.Status(incident.status), ""),
        began=f"{began.day} {began:%b %Y %H:%M}" if began else "",
        moment=began.isoformat() if began else "",
        lasted="" if lasted is None else in_words(lasted),
        not_known=_why_not_known(incident),
        review=Incident.Review(incident.review).label,
        closed_without=closed_without,
        notes=format_html_join(" ", "{}", ((note,) for note in notes)),
    )


def _why_not_known(incident: Incident) -> str:
    """How long it lasted."""
    if incident.ends_before_it_began:
        return "end before start"
    return "not known" if incident.status == Incident.Status.RESOLVED else "not over"
