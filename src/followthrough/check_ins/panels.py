"""What check-ins add to the page of an action."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.actions.models import ActionItem
from followthrough.check_ins.queries import outcomes_of
from followthrough.meetings import queries
from followthrough.meetings.models import Meeting


def outcomes_card(request: HttpRequest, action: ActionItem) -> str:
    """What check-ins said of an action; two queries, nothing before its meeting closed."""
    outcomes = outcomes_of(action)
    check_in = queries.current(action.postmortem, Meeting.Kind.CHECK_IN)
    if not outcomes and check_in is None:
        return ""
    context = {
        "action": action,
        "check_in": check_in,
        "outcomes": outcomes,
        "postmortem_key": action.postmortem.key,
    }
    return render_to_string("check_ins/outcomes_card.html", context, request)
