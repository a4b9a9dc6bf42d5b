"""What meetings add to pages of rooms below."""

from __future__ import annotations

from collections import defaultdict

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html

from followthrough.actions.models import ActionItem
from followthrough.incidents.models import Incident
from followthrough.meetings import incident_progress, queries
from followthrough.meetings.models import CheckInOutcome, Meeting
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem, Promise


def progress_panel(request: HttpRequest, incident: Incident) -> str:
    """The drawn way from the incident to its check-in, with the next step; members only."""
    user = request.user
    if not isinstance(user, User) or not user.is_member:
        return ""
    facts = facts_of(incident, user)
    if facts.postmortem is None and incident.review != Incident.Review.NEEDED and facts.is_over:
        return ""
    context = {
        "incident": incident,
        "facts": facts,
        "steps": incident_progress.steps_of(facts),
        "next": incident_progress.next_of(facts),
        "countdown": incident_progress.countdown_of(facts),
    }
    return render_to_string("meetings/progress.html", context, request)


def outcomes_card(request: HttpRequest, action: ActionItem) -> str:
    """What check-ins said of an action; two queries, nothing before its meeting closed."""
    outcomes = list(CheckInOutcome.objects.filter(action=action).select_related("by").order_by("-at", "-pk"))
    check_in = queries.current(action.postmortem, Meeting.Kind.CHECK_IN)
    if not outcomes and check_in is None:
        return ""
    context = {
        "action": action,
        "check_in": check_in,
        "outcomes": outcomes,
        "postmortem_key": action.postmortem.key,
    }
    return render_to_string("meetings/outcomes_card.html", context, request)


def questions_setting(request: HttpRequest, _: object) -> str:
    """The question bank among the settings."""
    return render_to_string("meetings/questions_setting.html", {}, request)


def countdowns(request: HttpRequest, incidents: list[Incident]) -> dict[int, str]:
    """What runs out next for each incident of a list that has a meeting; two queries.

    Until there is one, the post-mortem's own note tells of its window.
    """
    user = request.user
    if not isinstance(user, User) or not user.is_member:
        return {}
    promises: dict[int, dict[str, Promise]] = defaultdict(dict)
    keys = [row.pk for row in incidents]
    for promise in Promise.objects.filter(postmortem__in=keys, kept_at=None, dropped_at=None):
        promises[promise.postmortem_id][promise.kind] = promise
    ahead = Meeting.objects.filter(postmortem__in=promises, kind=Meeting.Kind.POSTMORTEM)
    meetings = {row.postmortem_id: row for row in ahead.exclude(state=Meeting.State.CANCELLED)}
    now = timezone.now()
    said: dict[int, str] = {}
    for row in (incident for incident in incidents if incident.pk in meetings):
        facts = incident_progress.ProgressFacts(
            row, None, meetings[row.pk], None, (), promises[row.pk], user, now
        )
        if countdown := incident_progress.countdown_of(facts):
            said[row.pk] = format_html('<span class="chip {}">{}</span>', countdown.tone, countdown.words)
    return said


def facts_of(incident: Incident, viewer: User) -> incident_progress.ProgressFacts:
    """What the loop needs; four queries."""
    postmortem = PostMortem.objects.select_related("facilitator").filter(pk=incident.pk).first()
    meetings: dict[str, Meeting] = {}
    if postmortem:
        ahead = postmortem.meetings.exclude(state=Meeting.State.CANCELLED)
        meetings = {meeting.kind: meeting for meeting in ahead}
    return incident_progress.ProgressFacts(
        incident=incident,
        postmortem=postmortem,
        meeting=meetings.get(Meeting.Kind.POSTMORTEM),
        check_in=meetings.get(Meeting.Kind.CHECK_IN),
        participants=tuple(queries.participants_of(postmortem)) if postmortem else (),
        promises={row.kind: row for row in postmortem.promises.filter(dropped_at=None)} if postmortem else {},
        viewer=viewer,
        now=timezone.now(),
    )
