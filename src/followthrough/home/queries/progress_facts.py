"""Reading where an incident stands on its way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.utils import timezone

from followthrough.actions.queries.holding import unsettled
from followthrough.home import incident_progress
from followthrough.incidents.models import Incident
from followthrough.meeting_room.queries.gate import missing_of
from followthrough.meetings import queries
from followthrough.meetings.models import Meeting
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem, Promise


def facts_of(incident: Incident, viewer: User) -> incident_progress.ProgressFacts:
    """What the loop needs; five queries, and six more once the meeting is closed."""
    postmortem = PostMortem.objects.select_related("facilitator").filter(pk=incident.pk).first()
    meetings: dict[str, Meeting] = {}
    if postmortem:
        ahead = postmortem.meetings.exclude(state=Meeting.State.CANCELLED).order_by("pk")
        meetings = {meeting.kind: meeting for meeting in ahead}
    return incident_progress.ProgressFacts(
        incident=incident,
        postmortem=postmortem,
        meeting=meetings.get(Meeting.Kind.POSTMORTEM),
        check_in=meetings.get(Meeting.Kind.CHECK_IN),
        participants=tuple(queries.participants_of(postmortem)) if postmortem else (),
        promises={row.kind: row for row in postmortem.promises.filter(dropped_at=None)} if postmortem else {},
        unsettled=unsettled(postmortem).count() if postmortem and meetings else 0,
        viewer=viewer,
        now=timezone.now(),
        missing=tuple(missing_of(postmortem)) if postmortem and postmortem.closed_at else (),
    )


def meetings_and_promises(
    incidents: list[Incident],
) -> Iterator[tuple[Incident, Meeting, dict[str, Promise]]]:
    """Each incident of a list that has a meeting, with it and the open promises by kind; two queries."""
    promises: dict[int, dict[str, Promise]] = defaultdict(dict)
    keys = [row.pk for row in incidents]
    for promise in Promise.objects.filter(postmortem__in=keys, kept_at=None, dropped_at=None):
        promises[promise.postmortem_id][promise.kind] = promise
    ahead = Meeting.objects.filter(postmortem__in=promises, kind=Meeting.Kind.POSTMORTEM)
    meetings = {row.postmortem_id: row for row in ahead.exclude(state=Meeting.State.CANCELLED)}
    for row in (incident for incident in incidents if incident.pk in meetings):
        yield row, meetings[row.pk], promises[row.pk]
