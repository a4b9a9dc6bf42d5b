"""The timeline on the incident's page."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.incidents.models import Incident
from followthrough.timeline.analysis import Moment
from followthrough.timeline.queries import entries_by_key, outline_of
from followthrough.timeline.queries.strip import NARROW, strip_of
from followthrough.timeline.telling_entries import most_telling

SHOWN, DRAWN = 12, 500
"""So many entries stand on the incident's page, and so many dots in its strip; the room has them all."""

MOST_TOLD_BY_THE_HOUR = timedelta(days=4)
"""A longer course is told by dates."""


def told(request: HttpRequest, incident: Incident) -> str:
    """The strip and the most telling entries; two queries, one while there is none."""
    outline = outline_of(incident)
    if not outline:
        return ""
    moments = [Moment(row.happened_at, row.kind, row.milestone) for row in outline[:DRAWN]]
    shown = most_telling(outline, most=SHOWN)
    facts = {
        "incident": incident,
        "strip": strip_of(incident, moments),
        "strip_narrow": strip_of(incident, moments, width=NARROW),
        "entries": [
            (entry, incident.words.milestone(entry.milestone) if entry.milestone else "")
            for entry in entries_by_key([row.key for row in shown])
        ],
        "days": not incident.is_outage
        or outline[-1].happened_at - outline[0].happened_at > MOST_TOLD_BY_THE_HOUR,
        "total": len(outline),
        "more": len(outline) - len(shown),
    }
    return render_to_string("timeline/incident_entries.html", facts, request)
