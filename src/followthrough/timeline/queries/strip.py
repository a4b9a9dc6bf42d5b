"""The strip of an incident, as pages and the summary show it."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from followthrough.incidents.models import Incident
from followthrough.incidents.queries import milestones_of
from followthrough.timeline import analysis, drawing
from followthrough.timeline.analysis import Moment

NARROW = 340
"""Units across which the strip is drawn for a phone, so that its words stay readable."""


def strip_of(incident: Incident, moments: Sequence[Moment], *, width: int = 900) -> str:
    """The drawing as an <svg> element of `width` units, on the incident's clock; no query where its milestones are read."""
    silent = (
        analysis.silences(moments, incident.began_at, incident.ended_at)
        if incident.ended_at and incident.is_outage
        else []
    )
    return drawing.strip(
        moments,
        milestones_of(incident),
        zone=ZoneInfo(incident.zone),
        silences=silent,
        days=not incident.is_outage,
        words=incident.words,
        width=width,
    )
