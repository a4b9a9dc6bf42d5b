"""What a post-mortem adds to the incident's page."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.incidents.models import Incident


def closed_without(request: HttpRequest, incident: Incident) -> str:
    """What the meeting closed without, each with its reason; one query."""
    postmortem = getattr(incident, "postmortem", None)
    omissions = list(postmortem.omissions.all()) if postmortem and postmortem.closed_at else []
    if not omissions:
        return ""
    return render_to_string("postmortems/incident_omissions.html", {"omissions": omissions}, request)
