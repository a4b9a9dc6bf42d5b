"""Reading what keeps a meeting from closing."""

from __future__ import annotations

from followthrough.actions import queries as actions
from followthrough.causes import queries as causes
from followthrough.meeting_room.gate import Gate, judge
from followthrough.postmortems.models import PostMortem


def gate_of(postmortem: PostMortem) -> Gate:
    """The gate as the records stand now; three queries."""
    services = [service.name for service in postmortem.incident.services.all()]
    return judge(list(causes.findings_of(postmortem)), list(actions.actions_of(postmortem)), services)
