"""What the meeting room adds to the settings, to the incident's page and to the check-in's agenda."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.incidents.models import Incident
from followthrough.meetings.queries import answers_of, parked_in
from followthrough.postmortems.models import PostMortem

SHOWN = 8
"""So many answers, and as many parked items, stand on the incident's page; the summary has them all."""


def questions_setting(request: HttpRequest, _: object) -> str:
    """The question bank among the settings."""
    return render_to_string("meeting_room/questions_setting.html", {}, request)


def said_card(request: HttpRequest, incident: Incident) -> str:
    """What was answered and parked in the meeting; three queries."""
    postmortem = getattr(incident, "postmortem", None)
    if postmortem is None:
        return ""
    answers, parked = answers_of(postmortem), list(parked_in(postmortem))
    if not answers and not parked:
        return ""
    facts = {
        "incident": incident,
        "questions": [
            (asked, list(said)) for asked, said in groupby(answers[:SHOWN], lambda row: row.question)
        ],
        "answers": len(answers),
        "parked": parked[:SHOWN],
        "more": max(0, len(answers) - SHOWN) + max(0, len(parked) - SHOWN),
    }
    return render_to_string("meeting_room/incident_said.html", facts, request)


def parked_agenda(request: HttpRequest, postmortem: PostMortem) -> str:
    """What the meeting parked and nobody has settled since, for the check-in to settle."""
    items = list(parked_in(postmortem).filter(settled_at=None))
    if not items:
        return ""
    facts = {"postmortem": postmortem, "items": items}
    return render_to_string("meeting_room/parked_agenda.html", facts, request)
