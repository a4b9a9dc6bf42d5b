"""The meeting on the incident's page."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.incidents.models import Incident
from followthrough.meetings.models import Meeting
from followthrough.meetings.queries import current, participants_of

SHOWN = 12
"""So many faces; the page of the attendees has them all."""


def meeting_begun(request: HttpRequest, incident: Incident) -> str:
    """When it was held, how long, by whom and who was asked, in place of the choice whether to hold one; three queries."""
    postmortem = getattr(incident, "postmortem", None)
    meeting = current(postmortem) if postmortem else None
    if postmortem is None or meeting is None or meeting.state == Meeting.State.SCHEDULED:
        return ""
    participants = list(participants_of(postmortem))
    facts = {
        "incident": incident,
        "postmortem": postmortem,
        "meeting": meeting,
        "lasted": meeting.ended_at - meeting.started_at if meeting.ended_at and meeting.started_at else None,
        "participants": participants[:SHOWN],
        "asked": len(participants),
        "more": max(0, len(participants) - SHOWN),
    }
    return render_to_string("meetings/incident_meeting.html", facts, request)
