"""What this room shows on pages of rooms below."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.actions import queries
from followthrough.actions.queries.proposed_dates import proposed_to
from followthrough.core.panels import render_row_notes
from followthrough.incidents.models import Incident
from followthrough.people.models import User

SHOWN = 20
"""So many actions stand on an incident's page; the list of actions has them all."""
ASKED_AT_MOST = 20


def asked_of_you(request: HttpRequest, person: User) -> str:
    """Actions and dates that wait for the person's answer, each with it one press away; "" when there are none."""
    waiting = queries.asked_of(person).select_related("given_by", "committed_by", "postmortem")
    actions = list(waiting[:ASKED_AT_MOST]) if person.is_member else []
    proposed = proposed_to(person).select_related("owner", "postmortem")
    dates = list(proposed[:ASKED_AT_MOST]) if person.is_member else []
    facts = {"actions": actions, "dates": dates}
    return render_to_string("actions/asked_of_you.html", facts, request) if actions or dates else ""


def judgement_delays_setting(request: HttpRequest, _: object) -> str:
    return render_to_string("actions/judgement_delays_setting.html", {}, request)


def open_actions(request: HttpRequest, person: User) -> str:
    """What a person still has to do, before somebody ends their access; "" when there is nothing."""
    looker = cast("User", request.user)
    load = queries.load_of([person], among=queries.visible_to(looker))[person.pk]
    if not load.open:
        return ""
    return render_to_string("actions/left_by_person.html", {"person": person, "load": load}, request)


def decided(request: HttpRequest, incident: Incident) -> str:
    """What the meeting decided, with state and owner, open ones first; one query, and what rooms above add to it.

    Once a meeting has closed, that nothing was decided is said as well.
    """
    postmortem = getattr(incident, "postmortem", None)
    if postmortem is None:
        return ""
    rows = list(queries.actions_of(postmortem).order_by("stage", "due_order", "number"))
    if not rows and postmortem.closed_at is None:
        return ""
    notes = render_row_notes("incident.actions", request, rows)
    facts = {
        "incident": incident,
        "rows": [(row, notes[row.pk]) for row in rows[:SHOWN]],
        "told": queries.told_of(rows),
        "more": max(0, len(rows) - SHOWN),
    }
    return render_to_string("actions/incident_actions.html", facts, request)
