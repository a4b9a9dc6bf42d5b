"""The meeting on the incident's page."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.incidents.models import Incident
from followthrough.meetings.models import Meeting
from followthrough.meetings.queries import current, participants_of, those_there, time_met

SHOWN = 12
"""So many faces; the page of who comes, or was there, has them all."""


def meeting_begun(request: HttpRequest, incident: Incident) -> str:
    """When it was held, how long, by whom and who was there (asked, where nobody is noted), in place of the choice whether to
    hold one; at most five queries."""
    postmortem = getattr(incident, "postmortem", None)
    meeting = current(postmortem) if postmortem else None
    if postmortem is None or meeting is None or meeting.state == Meeting.State.SCHEDULED:
        return ""
    there = those_there(meeting)
    people = there or [row.person for row in participants_of(postmortem).filter(for_check_in=False)]
    facts = {
        "incident": incident,
        "postmortem": postmortem,
        "meeting": meeting,
        "lasted": time_met(meeting) if meeting.state == Meeting.State.HELD else None,
        "was_there": bool(there),
        "people": people[:SHOWN],
        "more": max(0, len(people) - SHOWN),
    }
    return render_to_string("meetings/incident_meeting.html", facts, request)
