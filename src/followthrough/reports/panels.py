"""What summaries add to pages of rooms below."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.incidents.models import Incident
from followthrough.reports.queries import standing_links


def resting_links(request: HttpRequest, incident: Incident) -> str:
    """Which share links rest while the incident is restricted, beside the choice to restrict it."""
    facts = {"incident": incident, "links": standing_links(incident)}
    return render_to_string("reports/resting_links.html", facts, request) if facts["links"] else ""
