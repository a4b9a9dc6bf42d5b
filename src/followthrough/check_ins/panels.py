"""What check-ins add to the pages of actions and incidents."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from followthrough.actions.models import ActionItem
from followthrough.check_ins.models import CheckInOutcome
from followthrough.check_ins.queries import check_ins_of, last_outcomes, outcomes_of
from followthrough.incidents.models import Incident
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


def check_ins_card(request: HttpRequest, incident: Incident) -> str:
    """The incident's check-ins and what they said; two queries, "" while there is none."""
    check_ins = check_ins_of(incident)
    if not check_ins:
        return ""
    facts = {"incident": incident, "check_ins": check_ins, "now": timezone.now()}
    return render_to_string("check_ins/incident_check_ins.html", facts, request)


def did_not_hold(_: HttpRequest, actions: list[ActionItem]) -> dict[UUID, str]:
    """Beside each action that did not hold when somebody last looked: when that was; one query."""
    said = last_outcomes(actions)
    failed = CheckInOutcome.Outcome.DID_NOT_HOLD
    return {key: _when_it_failed(row) for key, row in said.items() if row.outcome == failed}


def _when_it_failed(row: CheckInOutcome) -> SafeString:
    day = timezone.localtime(row.at)
    return format_html(
        '<span class="broke">did not hold on {} {}{}</span>',
        day.day,
        f"{day:%b}",
        f": {row.note}" if row.note else "",
    )
